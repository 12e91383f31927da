//! `cargo xtask matrix`

use xapi_codegen::client::Client;
use xapi_codegen::model::{Api, DocumentId};
use xapi_codegen::{history, load, model};

use crate::console::{Outcome, print};
use crate::staging::Staging;
use crate::workspace::{rows, spec};

/// Puts the clients of older documents against the PBXs of all.
pub(crate) fn run(client: Option<&str>, pbx: &[String]) -> Outcome {
    let (union, _) = load::load(&spec()).and_then(model::read).map_err(|it| it.to_string())?;
    let clients = match client {
        Some(name) => vec![full(&union, name)?],
        None => union.documents.iter().map(DocumentId::full).collect(),
    };
    let pbx: Vec<String> = pbx.iter().map(|name| full(&union, name)).collect::<Result<_, _>>()?;
    let staging = Staging::open()?;
    let [client, document] = ["client up to", "pbx"];
    print(&format!("{client:20}  {document:20}  called  lost  unread  retyped  other\n"))?;
    let mut bad = Vec::new();
    for up_to in &clients {
        let made = Client::of(history::up_to(&union, up_to)?, &rows()?);
        let made = made.map_err(|problems| problems.to_string())?;
        let mut arguments = vec!["--up-to", up_to];
        arguments.extend(pbx.iter().map(String::as_str));
        if !staging.matrix(made.files()?, made.test_files()?, &arguments)? {
            bad.push(up_to.as_str());
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(format!("answers are lost: {}", bad.join(", "))) }
}

/// The whole name of a document of the union: the last one of a release that is named alone.
fn full(union: &Api, name: &str) -> Result<String, String> {
    let up_to = history::up_to(union, name)?;
    up_to.documents.last().map(DocumentId::full).ok_or_else(|| format!("{name}: no document"))
}
