//! Reading and writing entities, beside serde's derive, serde_json's own speed over the text, and the time that
//! its texts take alone.

use std::cell::RefCell;

use bytes::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use threecx_xapi::answer::Answer;
use threecx_xapi::operation::Operation;
use threecx_xapi::resources::report_call_log_data::GetCallLogData;
use threecx_xapi::resources::users::ListUser;
use threecx_xapi::{Entity, Page, Reply, entities};

use crate::{derived, medians, ms, texts, time};

const ROUNDS: usize = 15;

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Envelope<T> {
    value: Vec<T>,
    #[serde(rename = "@odata.count")]
    #[allow(dead_code, reason = "an envelope has it")]
    count: Option<i64>,
    #[serde(rename = "@odata.nextLink")]
    #[allow(dead_code, reason = "an envelope has it")]
    next_link: Option<String>,
}

pub(crate) fn run(folder: &str) {
    for name in ["users", "users-absent", "users-shuffled"] {
        one::<derived::User, entities::User, ListUser>(folder, name);
    }
    for name in ["calls", "calls-absent", "calls-shuffled"] {
        one::<derived::CallLogData, entities::CallLogData, GetCallLogData>(folder, name);
    }
}

fn one<D, E, O>(folder: &str, name: &str)
where
    D: DeserializeOwned + Serialize,
    E: Entity,
    O: Operation<Output = Page<E>>,
    Page<E>: Answer,
{
    let body = Bytes::from(std::fs::read(format!("{folder}/{name}.json")).unwrap());
    let reply = || Reply::new(O::INFO, 200).with_body(body.clone());
    let rows = || Page::<E>::decode(reply()).unwrap().value;
    let derived = || serde_json::from_slice::<Envelope<D>>(&body).unwrap().value;
    assert_eq!(rows().len(), derived().len());
    let text = std::str::from_utf8(&body).unwrap();
    let [ignored, texts, by_derive, ours] = medians(
        ROUNDS,
        [
            &mut || time(|| serde_json::from_slice::<IgnoredAny>(&body).unwrap()),
            &mut || time(|| texts::of(text)),
            &mut || time(derived),
            &mut || time(rows),
        ],
    );
    println!(
        "decode {name}: {} of {:.1} MB; {:.2} x the speed of serde's derive ({}), {:.2} x the time of `IgnoredAny` ({}), {:.2} x that of the texts alone ({})",
        ms(ours),
        body.len() as f64 / 1e6,
        by_derive / ours,
        ms(by_derive),
        ours / ignored,
        ms(ignored),
        ours / texts,
        ms(texts),
    );
    // Each round reads the rows anew: of two sets that stay, the place in memory would make the difference. So
    // would the memory that is taken for the text, which is there before.
    let text = RefCell::new(Text { bytes: Vec::with_capacity(2 * body.len()), start: 0 });
    let [by_derive, ours] = medians(
        2 * ROUNDS,
        [&mut || text.borrow_mut().time_to_write(&derived()), &mut || {
            text.borrow_mut().time_to_write(&rows())
        }],
    );
    println!("encode {name}: {}; {:.2} x the speed of serde's derive", ms(ours), by_derive / ours);
}

/// Where rows are written. A row of users takes about as much memory as its text, and the processor waits if it
/// reads and writes at the same place of two pages: so each text begins elsewhere.
struct Text {
    bytes: Vec<u8>,
    start: usize,
}

impl Text {
    fn time_to_write<T: Serialize>(&mut self, rows: &[T]) -> f64 {
        self.start = (self.start + 1_000) % 4_096;
        self.bytes.clear();
        self.bytes.resize(self.start, 0);
        time(|| serde_json::to_writer(&mut self.bytes, rows).unwrap())
    }
}
