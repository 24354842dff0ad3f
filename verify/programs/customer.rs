//! Creates a customer with an address, metadata and settings of invoices. Credentials: `STRIPE_SECRET_KEY`.

use std::env;
use std::error::Error;

use clients::stripe::{Auth, Client, SERVER, types};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let key = Auth::bearer_auth(env::var("STRIPE_SECRET_KEY")?);
    let client = Client::builder(SERVER).auth(key).build()?;
    let address = types::PostCustomersBodyAddressOptionalFieldsAddress::new()
        .line1("Karl Johans gate 1")
        .postal_code("0154")
        .city("Oslo")
        .country("NO");
    let order = types::PostCustomersBodyInvoiceSettingsCustomFieldsListItem::new("Order", "1066");
    let invoices = types::PostCustomersBodyInvoiceSettings::new()
        .custom_fields(vec![order])
        .footer("Thank you.");
    let customer = types::PostCustomersBody::new()
        .name("Kari Nordmann")
        .email("kari@example.com")
        .address(address)
        .invoice_settings(invoices)
        .metadata([("plan", "yearly")])
        .expand(["tax"]);
    let customer = client.customers().post_customers().body(customer).await?;
    println!("{}: {:?}", customer.id, customer.tax);
    Ok(())
}
