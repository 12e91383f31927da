//! What must stay true of the house itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod floors;
mod packages;

use std::path::{Path, PathBuf};

use tests::root;
use xapi_codegen::client::{self, Client};
use xapi_codegen::emit;
use xapi_codegen::model::{self, Api, History, Type};
use xapi_codegen::names::Exceptions;
use xapi_codegen::repair::REPAIRS;
use xapi_codegen::secrets::{self, Rows};
use xapi_codegen::{load, track};

/// All `.rs` files below a folder, with their text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push((path.clone(), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found
}

/// Where the packages are.
const FOLDERS: [&str; 5] = ["codegen", "runtime", "generated-client", "xtask", "tests"];

fn is_generated(path: &Path) -> bool {
    path.components().any(|it| it.as_os_str() == "generated")
}

/// Lines of code, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn generated_code_names_only_the_runtime_serde_and_std() {
    for (path, text) in sources("generated-client/src/generated") {
        for line in code(&text).filter_map(|line| line.trim().strip_prefix("use ")) {
            let known = ["crate::", "serde::"].iter().any(|root| line.starts_with(root));
            assert!(known, "{}: use {line}", path.display());
        }
    }
}

#[test]
fn no_hand_written_file_is_past_500_lines() {
    for folder in FOLDERS {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            assert!(is_generated(&path) || lines <= 500, "{}: {lines} lines", path.display());
        }
    }
}

#[test]
fn the_name_of_a_test_has_at_most_60_characters() {
    let mut problems = Vec::new();
    for (path, text) in FOLDERS.into_iter().flat_map(sources).filter(|(it, _)| !is_generated(it)) {
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            is_test |= line == "#[test]" || line.starts_with("#[tokio::test");
            let Some((_, rest)) = line.split_once("fn ") else { continue };
            let name = rest.split('(').next().unwrap_or_default();
            if std::mem::take(&mut is_test) && name.len() > 60 {
                problems.push(format!("{}: {name}", path.display()));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

fn read(path: &Path) -> Api {
    let read = load::load(path).and_then(model::read);
    read.unwrap_or_else(|problems| panic!("{problems}")).0
}

#[test]
fn the_tracked_document_reads_back_to_the_same_model() {
    let documents = tests::vendor_documents("the vendor's documents through the tracked form");
    let all = documents.into_iter().flatten().chain([root().join("spec/xapi.yaml")]);
    for path in all {
        let api = read(&path);
        let text = track::write(&api).unwrap();
        let again = load::parse("tracked".to_owned(), text.clone()).and_then(model::read);
        let (again, summary) = again.unwrap_or_else(|problems| panic!("{problems}"));
        assert!(again == api, "{}: something changed on the way", path.display());
        assert_eq!(track::write(&again).unwrap(), text, "{}", path.display());
        let repaired = summary.repairs.iter().find(|(_, count)| *count > 0);
        assert_eq!(repaired, None, "{}: the tracked form needs no repairs", path.display());
    }
}

#[test]
fn the_call_log_recipe_fits_every_known_document() {
    use xapi_codegen::model::Type;
    let documents = tests::vendor_documents("the call log recipe against the vendor's documents");
    let all = documents.into_iter().flatten().chain([root().join("spec/xapi.yaml")]);
    for path in all {
        let api = read(&path);
        let operation = &api.operations["GetCallLogData"];
        assert_eq!(operation.resource, "ReportCallLogData", "{}", path.display());
        let parameters: Vec<_> = operation
            .parameters
            .iter()
            .map(|it| (it.name.as_str(), it.ty.clone(), it.nullable))
            .collect();
        let wanted = [
            ("periodFrom", Type::DateTimeOffset, false),
            ("periodTo", Type::DateTimeOffset, false),
            ("sourceType", Type::Int32, false),
            ("sourceFilter", Type::String, true),
            ("destinationType", Type::Int32, false),
            ("destinationFilter", Type::String, true),
            ("callsType", Type::Int32, false),
            ("callTimeFilterType", Type::Int32, false),
            ("callTimeFilterFrom", Type::String, true),
            ("callTimeFilterTo", Type::String, true),
            ("hidePcalls", Type::Boolean, false),
        ];
        assert_eq!(parameters, wanted, "{}", path.display());
        let start = &api.entities["Pbx.CallLogData"].properties["StartTime"];
        assert_eq!(start.ty, Type::DateTimeOffset, "{}", path.display());
    }
}

#[test]
fn keys_are_what_the_documents_mark_or_the_id_of_a_set() {
    let api = tests::sample::api();
    let keys = api.keys();
    let key = |entity: &str| keys.get(format!("Pbx.{entity}").as_str()).copied();
    for (entity, wanted) in [
        ("User", Some("Id")),
        ("Backups", Some("FileName")),
        // It has an Id beside its key.
        ("Weblink", Some("Link")),
        ("OAuthClient", Some("Id")),
        // No route has their key.
        ("Recording", Some("Id")),
        ("EventLog", Some("Id")),
        // Rows of reports and parts of others.
        ("CallLogData", None),
        ("CallHistoryView", None),
        ("UserGroup", None),
    ] {
        assert_eq!(key(entity), wanted, "{entity}");
    }
    for (entity, key) in &keys {
        assert!(api.entities[*entity].properties.contains_key(*key), "{entity}/{key}");
    }
    assert_eq!(keys.len(), 45, "a key more or less: which?");
}

#[test]
fn every_repair_is_needed_by_a_known_document() {
    let Some(documents) = tests::vendor_documents("the use of every repair") else { return };
    let mut used = vec![0; REPAIRS.len()];
    for path in documents {
        let document = load::load(&path).unwrap_or_else(|problems| panic!("{problems}"));
        let (_, summary) = model::read(document).unwrap_or_else(|problems| panic!("{problems}"));
        for (used, (_, count)) in used.iter_mut().zip(summary.repairs) {
            *used += count;
        }
    }
    for (repair, used) in REPAIRS.iter().zip(used) {
        assert!(used > 0, "{}: no known document needs it; remove it", repair.name);
    }
}

/// The client of the tracked API, with the rows as they are committed.
fn tracked() -> Client {
    let texts = client::Rows::FILES.map(|it| std::fs::read_to_string(root().join(it)).unwrap());
    let rows = client::Rows::parse(texts.each_ref().map(String::as_str));
    let rows = rows.unwrap_or_else(|problems| panic!("{problems}"));
    Client::of(read(&root().join("spec/xapi.yaml")), &rows).unwrap()
}

/// The secrets of the tracked API, with the exceptions as they are committed.
fn decided(api: &Api) -> secrets::Secrets {
    let text = |file: &str| std::fs::read_to_string(root().join(file)).unwrap();
    let exceptions = Exceptions::parse("names", &text("spec/names.yaml")).unwrap();
    let rows = Rows::parse("secrets", &text("spec/secrets.yaml")).unwrap();
    secrets::find(api, &exceptions, &rows)
}

#[test]
fn every_row_of_spec_has_a_use() {
    assert_eq!(tracked().useless_rows(), Vec::<String>::new());
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let client = tracked();
    let [first, second] = [(), ()].map(|()| client.files().unwrap());
    assert!(first == second);
    for (path, text) in first {
        assert!(text.starts_with(emit::HEADER), "{path}");
        assert!(text.ends_with('\n') && !text.contains("\r"), "{path}");
    }
}

/// What a name has in it that speaks of a secret, wherever it stands in the name.
const SPEAKS: [&str; 15] = [
    "code",
    "cookie",
    "credential",
    "key",
    "link",
    "otp",
    "pass",
    "pin",
    "pwd",
    "secret",
    "ticket",
    "token",
    "uri",
    "url",
    "value",
];

/// Words that only have such letters in them.
const MEANS_OTHER: [&str; 7] =
    ["codec", "footprint", "grouping", "lldpinfo", "passive", "security", "yealink"];

/// Whether a value of the type says no more than yes, a time or one of a few words.
fn says_little(ty: &Type) -> bool {
    use Type::{Boolean, Date, DateTimeOffset, Duration, Enumeration, Flags, TimeOfDay};
    match ty.element() {
        Boolean | Date | DateTimeOffset | Duration | Enumeration(_) | Flags(_) | TimeOfDay => true,
        Type::Changed(current, former) => says_little(current) && says_little(former),
        _ => false,
    }
}

/// Every property and every value of an operation, of all releases, with its type.
fn all_values(api: &Api) -> Vec<(&str, &str, &Type)> {
    let properties = api.entities.values().flat_map(|entity| {
        let variants = entity.properties.values().flat_map(History::variants);
        variants.map(|(it, _)| (entity.name.as_str(), it.name.as_str(), &it.ty))
    });
    let operations = api.operations.values().flat_map(History::variants);
    let values = operations.flat_map(|(operation, _)| {
        operation.values().map(|(wire, ty, _)| (operation.id.as_str(), wire, ty))
    });
    properties.chain(values).collect()
}

#[test]
fn names_that_speak_of_secrets_are_secret_or_have_a_reason() {
    let api = tests::sample::api();
    let secrets = decided(api);
    let (mut seen, mut undecided) = (0, Vec::new());
    for (owner, wire, ty) in all_values(api) {
        let name = MEANS_OTHER.iter().fold(wire.to_lowercase(), |name, it| name.replace(it, ""));
        // An object hides its own secrets.
        let is_object = matches!(ty.element(), Type::Entity(_));
        let name = if is_object { name.replace("value", "") } else { name };
        let speaks = name == "default" || SPEAKS.iter().any(|it| name.contains(it));
        if says_little(ty) || !speaks {
            continue;
        }
        seen += 1;
        let reason = secrets.why_public(owner, wire).unwrap_or_default();
        if !secrets.contains(owner, wire) && reason.is_empty() {
            undecided.push(format!("{owner}/{wire}: {}", ty.edm()));
        }
    }
    assert!(undecided.is_empty(), "{undecided:#?}");
    assert!(seen > 180, "{seen}: are all names looked at?");
}

#[test]
fn what_only_sounds_like_a_secret_is_none() {
    let api = tests::sample::api();
    let secrets = decided(api);
    let secret = [
        "Exchange/code",
        "Exchange/verifier",
        "Pbx.AuditLog/NewData",
        "Pbx.AuditLog/PrevData",
        "Pbx.Backups/DownloadLink",
        "Pbx.ConcealedPassword/Value",
        "Pbx.CrmAuthentication/Values",
        "Pbx.CrmChoice/Value",
        "Pbx.CrmParameter/Default",
        "Pbx.CustomPrompt/FileLink",
        "Pbx.DNProperty/Value",
        "Pbx.FxsProvisioning/ProvLink",
        "Pbx.GoogleSettings/ProvisionUrl",
        "Pbx.OauthState/State",
        "Pbx.OneTimeTicket/Ticket",
        "Pbx.Parameter/Value",
        "Pbx.Phone/ProvisioningLinkExt",
        "Pbx.Phone/ProvisioningLinkLocal",
        "Pbx.PhoneRegistrar/ProvLink",
        "Pbx.Property/Value",
        "Pbx.RefreshToken/Token",
        "Pbx.Sbc/ProvisionLink",
        "Pbx.SipDevice/ProvLink",
        "Pbx.Trunk/AuthPassword",
        "Pbx.TrunkVariable/DefaultValue",
        "Pbx.User/AuthPassword",
        "Pbx.User/VMPIN",
        "ReplaceLicenseKey/licenseKey",
    ];
    let public = [
        "Exchange/tokenEndpoint",
        "Pbx.Country/CountryCodes",
        "Pbx.CrmChoice/Key",
        "Pbx.DialCodeSettings/DialCodePickup",
        "Pbx.FirewallState/Stopping",
        "Pbx.PhoneSettings/LlDpInfo",
        "Pbx.Recording/RecordingUrl",
        "Pbx.RegenerateOptions/DeskphonePassword",
        "Pbx.Trunk/PublicIPinSIP",
        "Pbx.User/PinProtectTimeout",
        "Pbx.User/PinProtected",
        "Pbx.Weblink/Link",
    ];
    let found = |path: &&str| {
        let (owner, wire) = path.split_once('/').unwrap();
        let known = all_values(api).iter().any(|it| (it.0, it.1) == (owner, wire));
        assert!(known, "{path} is not in the API");
        secrets.contains(owner, wire)
    };
    assert_eq!(secret.iter().filter(|it| !found(it)).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(public.iter().filter(|it| found(it)).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(threecx_xapi::entities::SECRETS.len(), 98, "a secret more or less: which?");
}
