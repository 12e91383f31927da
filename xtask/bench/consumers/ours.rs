//! Five calls with this client.

use threecx_xapi::Client;
use threecx_xapi::entities::User;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pbx = Client::builder("https://pbx.example.com").service_principal("id", "key").build()?;
    println!("{:?}", pbx.users().list().top(5).await?);
    println!("{:?}", pbx.users().get(12).await?);
    pbx.users().update(12, User::default().first_name("Ada")).await?;
    println!("{:?}", pbx.queues().list().await?);
    println!("{:?}", pbx.system_status().get().await?);
    Ok(())
}
