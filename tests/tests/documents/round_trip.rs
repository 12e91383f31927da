//! What a client does not know of an answer survives it.

use serde_json::{Value, json};
use tests::matrix::cell;
use tests::round_trip::ENTITIES;
use tests::sample::{Maker, api, snapshots};

#[test]
fn every_entity_is_written_as_it_was_read() {
    let known: Vec<&str> = api().entities.keys().map(String::as_str).collect();
    let listed: Vec<&str> = ENTITIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, known);
    let mut problems = Vec::new();
    for (name, through) in ENTITIES {
        let sent = Maker::full().with_unknown().entity(name);
        let objects = sent.to_string().matches("\"AddedLater\"").count();
        assert!(objects > 0 && sent["addedInLowerCase"].is_array(), "{name}");
        let mut answer = sent.clone();
        for control in ["@odata.context", "@odata.etag", "Id@odata.type"] {
            answer[control] = json!("#control");
        }
        match through(&answer.to_string()) {
            Ok(outcome) if outcome.written == sent && outcome.unread.is_empty() => {}
            outcome => problems.push(format!("{name}: {outcome:?}\nnot {sent}")),
        }
    }
    assert!(problems.is_empty(), "{} of {}: {problems:#?}", problems.len(), ENTITIES.len());
}

#[test]
fn every_property_of_every_entity_may_be_of_any_type() {
    let mut unread = 0;
    let mut problems = Vec::new();
    for (name, through) in ENTITIES {
        let Value::Object(full) = Maker::full().entity(name) else { continue };
        // Each property gets the value of the one after it, and so one of another type now and then.
        let values = full.values().cycle().skip(1).cloned();
        let turned: Value =
            full.keys().cloned().zip(values).collect::<serde_json::Map<_, _>>().into();
        match through(&turned.to_string()) {
            Ok(outcome) if is_same(&turned, &outcome.written) => unread += outcome.unread.len(),
            outcome => problems.push(format!("{name}: {outcome:?}\nnot {turned}")),
        }
    }
    assert!(problems.is_empty(), "{} of {}: {problems:#?}", problems.len(), ENTITIES.len());
    assert!(unread > 1000, "too few did not fit: {unread}");
}

/// Whether the one was written as the other. An enumeration keeps a number or Boolean as its text, and a
/// float as many digits as it has.
fn is_same(sent: &Value, written: &Value) -> bool {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            let is_same =
                |(name, value)| written.get::<String>(name).is_some_and(|it| is_same(value, it));
            sent.len() == written.len() && sent.iter().all(is_same)
        }
        (Value::Array(sent), Value::Array(written)) => {
            sent.len() == written.len()
                && sent.iter().zip(written).all(|(sent, written)| is_same(sent, written))
        }
        (Value::Number(number), Value::String(text)) => number.to_string() == **text,
        (Value::Bool(flag), Value::String(text)) => flag.to_string() == **text,
        (Value::Number(sent), Value::Number(written)) if sent != written => {
            let [sent, written] = [sent, written].map(|it| it.as_f64().unwrap_or(f64::NAN));
            (sent - written).abs() <= sent.abs() * 1e-6
        }
        _ => sent == written,
    }
}

#[tokio::test]
async fn the_client_loses_nothing_of_what_any_known_pbx_answers() {
    for played in snapshots() {
        let cell = cell(api(), played).await.unwrap();
        let document = played.0.full();
        assert!(cell.lost.is_empty(), "{document}: {:#?}", cell.lost);
        assert!(cell.unread.is_empty(), "{document}: {:?}", cell.unread);
        assert!(cell.other_answers.is_empty(), "{document}: {:?}", cell.other_answers);
        assert!(cell.undecided.iter().all(|id| id == "PurgeLocalBackups"), "{:?}", cell.undecided);
        assert!(cell.called > 500, "{document}: {}", cell.called);
    }
}
