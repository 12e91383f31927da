//! Five calls with the client of oas3-gen.

use client::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pbx = T3cxXapiClient::with_base_url("https://pbx.example.com/xapi/v1")?;
    let query = ListUserRequestQuery { top: Some(5), ..Default::default() };
    println!("{:?}", pbx.list_user(ListUserRequest { query }).await?);
    let path = GetUserRequestPath { id: 12 };
    let request = GetUserRequest { path, query: Default::default() };
    println!("{:?}", pbx.get_user(request).await?);
    let body = PbxUser { first_name: Some("Ada".to_owned()), ..Default::default() };
    let path = UpdateUserRequestPath { id: 12 };
    println!("{:?}", pbx.update_user(UpdateUserRequest { path, body }).await?);
    println!("{:?}", pbx.list_queue(ListQueueRequest { query: Default::default() }).await?);
    let request = GetSystemStatusRequest { query: Default::default() };
    println!("{:?}", pbx.get_system_status(request).await?);
    Ok(())
}
