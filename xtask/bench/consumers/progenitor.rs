//! Five calls with the client of progenitor.

use client::Client;
use client::types::PbxUser;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pbx = Client::new("https://pbx.example.com/xapi/v1");
    let users = pbx.list_user(None, None, None, None, None, None, None, Some(5)).await?;
    println!("{:?}", users.into_inner());
    println!("{:?}", pbx.get_user(12, None, None).await?.into_inner());
    let body = PbxUser { first_name: Some("Ada".to_owned()), ..Default::default() };
    pbx.update_user(12, &body).await?;
    let queues = pbx.list_queue(None, None, None, None, None, None, None, None).await?;
    println!("{:?}", queues.into_inner());
    println!("{:?}", pbx.get_system_status(None, None).await?.into_inner());
    Ok(())
}
