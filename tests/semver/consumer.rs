//! What a consumer does with the client. `api` is the client of a document.

use clientwright_runtime::error::Error;

use super::api::{Client, SERVER, SERVER_BACKUP, hikes, types};

/// A client whose calls are in one language.
pub fn client() -> Result<Client, Box<dyn std::error::Error>> {
    Ok(Client::builder(SERVER).lang("en").build()?)
}

/// The same, elsewhere.
pub fn backup() -> Result<Client, Box<dyn std::error::Error>> {
    Ok(Client::builder(SERVER_BACKUP).build()?)
}

/// Lists what there is beside pets, and adds a leash.
pub async fn look(client: &Client) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let cages: types::ListCagesResponse = client.cages().list().await?.into_inner();
    client.bowls().list().await?;
    client.bowls().list_marks().await?;
    let vets: Vec<types::Vet> = client.vets().list().await?.into_inner();
    client.leashes().add(types::AddLeashInput::new(2)).await?;
    Ok(cages.cages.into_iter().flatten().chain(vets.into_iter().map(|vet| vet.name)).collect())
}

/// What is known of a pet by the branches of unions.
pub fn about(pet: &types::Pet) -> Vec<bool> {
    vec![
        matches!(pet.walk, Some(types::Walk::Planned(_))),
        matches!(pet.walk, Some(types::Walk::Done(_))),
        matches!(pet.licence, Some(types::Licence::Base(_))),
        matches!(pet.licence, Some(types::Licence::Years(_))),
        matches!(pet.collar, Some(types::Collar::Base(_))),
        matches!(pet.treat, Some(types::Treat::Object(_))),
    ]
}

/// Starts and stops a hike, and says what is in the way.
pub async fn hike(client: &Client) -> Option<String> {
    let started: Result<_, Error<hikes::StartError>> = client.hikes().start().await;
    let in_the_way = started.err().and_then(Error::into_documented);
    let stopped: Option<types::StopHikeNotFoundResponse> = client.hikes().stop().await.err()?.into_documented();
    match in_the_way {
        Some(hikes::StartError::NotFound(problem)) => Some(problem.title),
        Some(hikes::StartError::Conflict(_)) => Some("a toy".to_owned()),
        _ => stopped?.hint,
    }
}

/// Lists pets, adds one with a toy, removes another, and exports all.
pub async fn run(client: &Client) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut seen = Vec::new();
    for pet in client.pets().list().limit(10).names(["Rex"]).await? {
        let food = match pet.food {
            Some(types::Food::Dry(dry)) => format!("{} g", dry.grams),
            Some(types::Food::Wet(wet)) => {
                let types::Wet { cans, .. } = *wet;
                format!("{cans} cans")
            }
            Some(types::Food::Text(text)) => text,
            _ => "nothing known".to_owned(),
        };
        let kind = match pet.kind {
            types::PetKind::Cat => "a cat",
            types::PetKind::Dog => "a dog",
            _ => "a pet",
        };
        let brand = pet.snack.as_ref().and_then(|snack| snack.brand()).unwrap_or("no snack").to_owned();
        let bones = match pet.snack {
            Some(types::Snack::Bones(snack)) => snack.bones,
            _ => 0,
        };
        let bed = match pet.bed {
            Some(types::Bed::Basket(basket)) => format!("{} cm", basket.width),
            Some(types::Bed::Cushion(cushion)) => cushion.colour,
            _ => "no bed".to_owned(),
        };
        let age: Option<i64> = pet.age;
        let owner: Option<types::PetOwner> = pet.owner;
        seen.push(format!("{} is {kind}, {age:?}, of {}, eats {food}, {brand} and {bones}, in {bed}", pet.name, owner.is_some()));
    }
    let owner = types::PetOwner::new("Ada").contact(types::PetOwnerContact::Mail);
    let pet = types::Pet::new("Rex", types::PetKind::Dog).age(3).owner(owner).food("bones");
    match client.pets().add(pet).await {
        Ok(added) => {
            let mut twin = added.into_inner();
            twin.name += " II";
            seen.push(client.pets().add(twin).await?.into_inner().name);
        }
        Err(error) => match error.documented() {
            Some(problem) => seen.push(problem.hint.as_ref().unwrap_or(&problem.title).clone()),
            None => return Err(error.into()),
        },
    }
    let ball = types::ToyInput::new("ball").tags(["red"]).labels([("size", "small")]).sizes([("cm", 7)]).rating(5);
    let ball = ball.material("cloth").material(types::ToyMaterial::Rubber);
    client.toys().add(ball.rating("good").rating(None)).await?;
    client.pets().remove("7").await?;
    client.count_kennels().await?;
    let lines: String = client.pets().export().await?.into_inner();
    seen.extend(lines.lines().map(str::to_owned));
    Ok(seen)
}
