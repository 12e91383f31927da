//! Five calls with the client of ploidy.

use client::client::Client;
use client::client::default::parameters::{GetSystemStatusQuery, GetUserQuery};
use client::client::default::parameters::{ListQueueQuery, ListUserQuery};
use client::types::PbxUser;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pbx = Client::new("https://pbx.example.com/xapi/v1")?;
    let query = ListUserQuery { top: Some(5), ..Default::default() };
    println!("{:?}", pbx.list_user(&query).await?);
    println!("{:?}", pbx.get_user("12", &GetUserQuery::default()).await?);
    pbx.update_user("12", PbxUser { first_name: "Ada".to_owned().into(), ..Default::default() })
        .await?;
    println!("{:?}", pbx.list_queue(&ListQueueQuery::default()).await?);
    println!("{:?}", pbx.get_system_status(&GetSystemStatusQuery::default()).await?);
    Ok(())
}
