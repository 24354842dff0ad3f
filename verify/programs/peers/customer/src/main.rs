//! The same as `verify/programs/customer.rs`, with async-stripe.

use std::env;
use stripe::Client;
use stripe_core::customer::{
    CreateCustomer, CreateCustomerInvoiceSettings, CustomFieldParams, OptionalFieldsCustomerAddress,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(env::var("STRIPE_SECRET_KEY")?);
    let mut address = OptionalFieldsCustomerAddress::new();
    address.line1 = Some("Karl Johans gate 1".to_owned());
    address.postal_code = Some("0154".to_owned());
    address.city = Some("Oslo".to_owned());
    address.country = Some("NO".to_owned());
    let mut invoices = CreateCustomerInvoiceSettings::new();
    invoices.custom_fields = Some(vec![CustomFieldParams::new("Order", "1066")]);
    invoices.footer = Some("Thank you.".to_owned());
    let customer = CreateCustomer::new()
        .name("Kari Nordmann")
        .email("kari@example.com")
        .address(address)
        .invoice_settings(invoices)
        .metadata([("plan".to_owned(), "yearly".to_owned())])
        .expand(["tax".to_owned()])
        .send(&client)
        .await?;
    println!("{}: {:?}", customer.id, customer.tax);
    Ok(())
}
