//! Creates a customer with an address, metadata and invoice settings. Credentials: `STRIPE_BEARER_AUTH`.

use clients::stripe::{ClientBuilder, types};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = ClientBuilder::from_env()?.build()?;
    let address = types::CreateCustomerBodyAddressOptionalFieldsAddress::new()
        .line1("Karl Johans gate 1")
        .postal_code("0154")
        .city("Oslo")
        .country("NO");
    let order = types::CreateCustomerBodyInvoiceSettingsCustomFieldsListItem::new("Order", "1066");
    let invoices = types::CreateCustomerBodyInvoiceSettings::new()
        .custom_fields(vec![order])
        .footer("Thank you.");
    let customer = types::CreateCustomerBody::new()
        .name("Kari Nordmann")
        .email("kari@example.com")
        .address(address)
        .invoice_settings(invoices)
        .metadata([("plan", "yearly")])
        .expand(["tax"]);
    let customer = client.customers().create().body(customer).await?;
    println!("{}: {:?}", customer.id, customer.tax);
    Ok(())
}
