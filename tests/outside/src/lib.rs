//! What a program does with a PBX, and how it tests that without one. `main.rs` is the program of the
//! client's README.

#![deny(warnings)]

use threecx_xapi::entities::User;
use threecx_xapi::{Client, Entity, Keyed, Result};

/// The numbers of the enabled users that begin so.
pub async fn numbers(pbx: &Client, beginning: &str) -> Result<Vec<String>> {
    let page = pbx
        .users()
        .list()
        .filter(User::ENABLED.eq(true).and(User::NUMBER.starts_with(beginning)))
        .select(User::NUMBER)
        .order_by(User::NUMBER.asc())
        .await?;
    Ok(page.into_iter().filter_map(|user| user.number).collect())
}

/// The ids of all recordings, however many there are.
pub async fn recordings(pbx: &Client) -> Result<Vec<i32>> {
    let mut ids = Vec::new();
    let mut recordings = pbx.recordings().list().by_key().items();
    while let Some(recording) = recordings.next().await {
        ids.extend(recording?.id);
    }
    Ok(ids)
}

/// Takes a user's e-mail address away.
pub async fn forget_address(pbx: &Client, number: &str) -> Result<()> {
    let before = pbx.users().get_by_number(number).await?;
    let mut after = before.clone();
    after.email_address = None;
    pbx.users().update(before.key()?, after.changes_from(&before)?).await
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use threecx_xapi::{Page, Reply};

    use super::*;

    #[tokio::test]
    async fn a_function_answers_in_place_of_a_pbx() {
        let targets = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&targets);
        let pbx = Client::builder("https://pbx.example.com").answered_by(move |request| {
            noted.lock().unwrap().push(request.target().to_owned());
            let page = Page::from(vec![User::default().number("101")]);
            Reply::new(request.info(), 200).with_json(&page)
        });
        let pbx = pbx.build().unwrap();
        assert_eq!(numbers(&pbx, "1").await.unwrap(), ["101"]);
        let targets = targets.lock().unwrap();
        assert!(targets[0].starts_with("/xapi/v1/Users?$filter=Enabled"), "{targets:?}");
    }

    #[tokio::test]
    async fn a_refusal_reaches_the_caller() {
        let pbx = Client::builder("https://pbx.example.com")
            .answered_by(|request| Ok(Reply::new(request.info(), 403)));
        let error = recordings(&pbx.build().unwrap()).await.unwrap_err();
        assert!(error.is_forbidden(), "{error}");
    }
}
