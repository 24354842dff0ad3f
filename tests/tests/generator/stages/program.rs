use clients::clinic::Client;
use clients::runtime::BlockOn as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_default();
    let clinic = Client::builder(&url).build()?;
    let pet = clinic.pets().get(7).block_on()?;
    println!("{:#?}", pet.body());
    Ok(())
}
