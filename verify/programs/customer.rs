//! Creates a customer with an address, metadata and settings of invoices. Credentials: `STRIPE_SECRET_KEY`.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;

use clients::stripe::types::{
    PostCustomersBody, PostCustomersBodyAddressOptionalFieldsAddress,
    PostCustomersBodyInvoiceSettings, PostCustomersBodyInvoiceSettingsCustomFieldsListItem,
};
use clients::stripe::{Auth, Client, SERVER};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let key = Auth::bearer_auth(env::var("STRIPE_SECRET_KEY")?);
    let client = Client::builder(SERVER).auth(key).build()?;
    let address = PostCustomersBodyAddressOptionalFieldsAddress::new()
        .line1("Karl Johans gate 1")
        .postal_code("0154")
        .city("Oslo")
        .country("NO");
    let order = PostCustomersBodyInvoiceSettingsCustomFieldsListItem::new("Order", "1066");
    let invoices = PostCustomersBodyInvoiceSettings::new()
        .custom_fields(vec![order])
        .footer("Thank you.");
    let customer = PostCustomersBody::new()
        .name("Kari Nordmann")
        .email("kari@example.com")
        .address(address)
        .invoice_settings(invoices)
        .metadata(BTreeMap::from([("plan".to_owned(), "yearly".to_owned())]))
        .expand(vec!["tax".to_owned()]);
    let customer = client.customers().post_customers().body(customer).await?;
    println!("{}: {:?}", customer.id, customer.tax);
    Ok(())
}
