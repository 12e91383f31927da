//! What writers of OpenAPI make, all of it in one document: its client compiles.

use std::path::Path;

use xapi_codegen::model::{self, Api};
use xapi_codegen::{history, load, track};

use crate::common::{root, vendors, xtask};

fn read(file: &Path) -> Api {
    let read = load::load(file).and_then(model::read);
    read.unwrap_or_else(|problems| panic!("{problems}")).0
}

/// The newest document, for the recipes name its items, with everything of the small ones.
#[test]
fn a_client_with_every_construct_compiles() {
    let union = read(&root().join("spec/xapi.yaml"));
    let newest = union.documents.last().unwrap().full();
    let mut all = history::at(&union, &newest).unwrap();
    let carried = root().join("codegen/tests/constructs/carried");
    for file in std::fs::read_dir(carried).unwrap() {
        let small = read(&file.unwrap().path());
        let small = track::alone(all.documents[0].clone(), small).unwrap();
        if small.service_root != all.service_root {
            (all.service_root, all.token_path) = (small.service_root, small.token_path);
            all.security_schemes = small.security_schemes;
        }
        all.operations.extend(small.operations);
        all.entities.extend(small.entities);
        all.enumerations.extend(small.enumerations);
        all.aliases.extend(small.aliases);
    }
    assert_eq!((&*all.service_root, &*all.token_path), ("/xapi/v2", "/oauth/token"));
    let folder = tempfile::tempdir().unwrap();
    let text = vendors(&track::write(&all).unwrap());
    std::fs::write(folder.path().join("20.0.99_2030-01-01.yaml"), text).unwrap();
    let output = xtask(&["replay", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
