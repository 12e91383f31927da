//! Awaiting what is no call yet, and values in an `Option`.

use threecx_xapi::Client;
use threecx_xapi::entities::User;

async fn calls(pbx: Client, name: Option<String>, enabled: Option<bool>) {
    let _ = pbx.users().await;
    let _ = pbx.users().list().items().await;
    let _ = User::default().first_name(name);
    let _ = User::default().enabled(enabled);
    let _ = pbx.users().get_duplicated_emails("ada@example.com");
    let _ = pbx.users().bulk_update(["1"], User::default());
}

fn main() {}
