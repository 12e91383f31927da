//! Calls of the client beside the same calls written by hand.

use std::time::Duration;

use threecx_xapi::Client;

use crate::{derived, medians, runtime, server, time};

const CALLS: usize = 6_400;
// Many short rounds, so that a slow minute of the machine falls on both ways.
const ROUNDS: usize = 25;
const USER: &str = r#"{"Id":12,"Number":"101","FirstName":"Ada","LastName":"Lovelace","EmailAddress":"ada@example.com","Enabled":true}"#;

pub(crate) fn run() {
    let url = server::start(Duration::ZERO, |_| USER.to_owned());
    let runtime = runtime();
    let client = Client::builder(&url).token("token").build().unwrap();
    // A provider for the client by hand; ours brings its own.
    rustls::crypto::ring::default_provider().install_default().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for tasks in [1, 64] {
        let by_hand = || {
            let (http, url) = (http.clone(), format!("{url}/xapi/v1/Users(12)"));
            async move {
                for _ in 0..CALLS / tasks {
                    let sent = http.get(&url).bearer_auth("token").send().await.unwrap();
                    let body = sent.error_for_status().unwrap().bytes().await.unwrap();
                    let user: derived::User = serde_json::from_slice(&body).unwrap();
                    assert_eq!(user.id, Some(12));
                }
            }
        };
        let ours = || {
            let client = client.clone();
            async move {
                for _ in 0..CALLS / tasks {
                    assert_eq!(client.users().get(12).await.unwrap().id, Some(12));
                }
            }
        };
        let [by_hand, ours] = medians(
            ROUNDS,
            [&mut || time(|| runtime.block_on(at_once(tasks, by_hand))), &mut || {
                time(|| runtime.block_on(at_once(tasks, ours)))
            }],
        );
        let each = |time: f64| time / CALLS as f64 * 1e6;
        println!(
            "call, {tasks} at once: {:.1} us each; {:.2} x the throughput of reqwest and serde by hand ({:.1} us)",
            each(ours),
            by_hand / ours,
            each(by_hand)
        );
    }
}

async fn at_once<F: Future<Output = ()> + Send + 'static>(tasks: usize, work: impl Fn() -> F) {
    let running: Vec<_> = (0..tasks).map(|_| tokio::spawn(work())).collect();
    for task in running {
        task.await.unwrap();
    }
}
