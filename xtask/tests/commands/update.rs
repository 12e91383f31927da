//! `update` on copies of the workspace: all of it or nothing.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use xapi_codegen::model::{self, Api};
use xapi_codegen::{history, load, track};

use crate::common::{root, skipped, vendor_documents, vendors};
use crate::union::documents;

/// A copy of the workspace's own files. None where git doesn't know them.
fn copy(check: &str) -> Option<tempfile::TempDir> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let output = git.output().ok().filter(|output| output.status.success());
    let Some(output) = output else {
        skipped(check, "this is no checkout, or git is not here");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let names = String::from_utf8(output.stdout).unwrap();
    for name in names.split_terminator('\0').filter(|name| root().join(name).is_file()) {
        let to = folder.path().join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(root().join(name), to).unwrap();
    }
    Some(folder)
}

/// Every file of a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

/// The names of the files that differ.
fn changed(old: &BTreeMap<PathBuf, Vec<u8>>, new: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<PathBuf> {
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    names.filter(|name| old.get(*name) != new.get(*name)).cloned().collect()
}

#[track_caller]
fn assert_same(old: &BTreeMap<PathBuf, Vec<u8>>, new: &BTreeMap<PathBuf, Vec<u8>>) {
    let changed = changed(old, new);
    assert!(changed.is_empty(), "{changed:?} differ");
}

/// Runs the command on a copy.
fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.env("XTASK_ROOT", folder).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(error)
}

fn committed() -> Api {
    let read = load::load(&root().join("spec/xapi.yaml")).and_then(model::read);
    read.unwrap_or_else(|problems| panic!("{problems}")).0
}

/// The newest document as the union has it, in a vendor's place: without releases.
fn newest() -> String {
    let union = committed();
    let last = union.documents.last().unwrap().full();
    vendors(&track::write(&history::at(&union, &last).unwrap()).unwrap())
}

/// The same with a text replaced that it has.
fn newest_with(from: &str, to: &str) -> String {
    let text = newest();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// Answers one request after another with a document at the path of a PBX's own, and with 404
/// elsewhere. Ends with the test's process.
fn serve(document: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut request, mut buffer) = (Vec::new(), [0; 1024]);
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let read = stream.read(&mut buffer).unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            let request = String::from_utf8_lossy(&request).to_ascii_lowercase();
            // Who the URL names is asked for, as a proxy in front of a PBX may do.
            let found = request.starts_with("get /xapi/v1/swagger.yaml")
                && request.contains("authorization: basic ");
            let (status, body) =
                if found { ("200 OK", document.as_str()) } else { ("404 Not Found", "") };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all((head + body).as_bytes()).unwrap();
        }
    });
    address.to_string()
}

#[test]
fn updates_with_two_documents_give_the_committed_tree() {
    const CHECK: &str = "the committed tree against updates";
    let documents = documents(CHECK);
    let files = vendor_documents(CHECK);
    let is_new = |file: &&PathBuf| {
        file.ends_with("20.0.9_2026-04-24.yaml") || file.ends_with("20.0.10_2026-09-19.yaml")
    };
    let new: Vec<&PathBuf> = files.iter().filter(is_new).collect();
    let [first, second] = new.as_slice() else { return };
    let dates = ["2026-04-24", "2026-09-19"];
    for order in [[first, second], [second, first]] {
        let Some(copy) = copy(CHECK) else { return };
        let committed = self::files(copy.path());
        let path = |name: &str| copy.path().join(name);
        // As it was before the two documents.
        let mut before = documents.clone();
        before.retain(|id, _| !dates.contains(&id.date.as_str()));
        let union = history::unite(&before).unwrap_or_else(|problems| panic!("{problems}"));
        std::fs::write(path("spec/xapi.yaml"), track::write(&union).unwrap()).unwrap();
        let changelog = std::fs::read_to_string(path("CHANGELOG.md")).unwrap();
        let mut entries = changelog.split("\n## ");
        let mut older = entries.next().unwrap().to_owned();
        for entry in
            entries.filter(|it| !dates.iter().any(|date| it.contains(&format!("({date})"))))
        {
            older += &format!("\n## {entry}");
        }
        std::fs::write(path("CHANGELOG.md"), older).unwrap();
        let (spec, out) = (path("spec/xapi.yaml"), path("generated-client/src/generated"));
        let (spec, out) = (spec.to_str().unwrap(), out.to_str().unwrap());
        let output = xtask(copy.path(), &["codegen", "--spec", spec, "--out", out]);
        assert!(output.status.success(), "{}", said(&output));
        assert!(changed(&committed, &self::files(copy.path())).len() > 20);

        for file in order {
            let output = xtask(copy.path(), &["update", file.to_str().unwrap()]);
            assert!(output.status.success(), "{}", said(&output));
        }
        let mut updated = self::files(copy.path());
        // The version that an entry starts from is the one of its day.
        let name = Path::new("CHANGELOG.md");
        let of_day = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            let lines = text.lines().map(|line| {
                let version = line.strip_prefix("Version ").and_then(|it| it.split_once(": "));
                version.map_or(line, |(_, what)| what)
            });
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(of_day(&committed[name]), of_day(&updated[name]));
        updated.insert(name.to_owned(), committed[name].clone());
        assert_same(&committed, &updated);
    }
}

const ADDED: (&str, &str) = (
    "    Pbx.User:\n      type: object\n      properties:\n",
    "    Pbx.User:\n      type: object\n      properties:\n        AddedLater:\n          type: string\n          nullable: true\n",
);

#[test]
fn an_update_from_a_url_takes_in_a_release_that_only_adds() {
    let Some(copy) = copy("an update from a URL") else { return };
    // A row that nothing needs is said, and does not stop the update.
    let names = copy.path().join("spec/names.yaml");
    let row = "words:\n- word: XYZ\n  reason: nothing is called so\n";
    let rows = std::fs::read_to_string(&names).unwrap().replacen("words:\n", row, 1);
    std::fs::write(&names, rows).unwrap();
    let before = files(copy.path());
    let address = serve(newest_with(ADDED.0, ADDED.1));
    let url = format!("http://user:c4nary@{address}/xapi/v1/swagger.yaml?key=c4nary");
    let arguments = ["update", &url, "--release", "99.0.0", "--date", "2030-01-02"];
    let output = xtask(copy.path(), &arguments);
    let text = said(&output);
    assert!(output.status.success() && !text.contains("c4nary"), "{text}");
    let added = "- added `Pbx.User/AddedLater`: `Edm.String`";
    for said in ["[1/6]", "[6/6]", added, ": minor, ", "spec/names.yaml: words: XYZ"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let after = files(copy.path());
    let names = changed(&before, &after);
    for name in
        ["CHANGELOG.md", "spec/xapi.yaml", "generated-client/src/generated/entities/user.rs"]
    {
        assert!(names.contains(&PathBuf::from(name)), "{name}: {names:?}");
    }
    let changelog = String::from_utf8_lossy(&after[Path::new("CHANGELOG.md")]);
    assert!(changelog.contains("\n## 99.0.0 (2030-01-02)\n\nVersion "), "{changelog}");
    // The same facts are known by now, of whatever day the document is.
    for date in ["2030-01-02", "2030-01-03"] {
        let output = xtask(copy.path(), &["update", &url, "--release", "99.0.0", "--date", date]);
        let text = said(&output);
        assert!(output.status.success() && text.contains("nothing to do"), "{text}");
        assert_same(&after, &files(copy.path()));
    }
}

#[test]
fn a_step_that_fails_leaves_the_tree_as_it_was() {
    let Some(copy) = copy("updates that fail") else { return };
    let whole = newest();
    let half = whole[..whole.len() / 2].to_owned();
    let cut = half[..half.rfind('\n').unwrap()].to_owned() + "\n      parameters: [";
    let address = serve(String::new());
    // A release that adds, cut short or spoilt in one way each; and what is said of it.
    let rows: &[(&str, String, &str)] = &[
        ("empty", String::new(), "step 2"),
        ("a gateway's page", "<html><body>Bad Gateway</body></html>".to_owned(), "step 2"),
        ("broken YAML", cut, "step 2"),
        ("half of it", half, "step 2"),
        ("another version", newest_with("openapi: 3.0.4", "openapi: 3.2.0"), "OpenAPI 3.2.0"),
        ("no paths", newest_with("\npaths:", "\nx-paths:"), "`paths`"),
        (
            "an unknown format",
            newest_with("format: int32", "format: int128"),
            "none of int32, int64, uint8",
        ),
        (
            "an unknown key",
            newest_with("      tags:\n", "      x-unknown: true\n      tags:\n"),
            "x-unknown",
        ),
        (
            "a reference to nothing",
            newest_with(
                "$ref: '#/components/schemas/Pbx.User'",
                "$ref: '#/components/schemas/Pbx.Nobody'",
            ),
            "Pbx.Nobody",
        ),
        (
            "two names that collide",
            newest_with(ADDED.0, &ADDED.1.replace("AddedLater", "firstName")),
            "spec/names.yaml",
        ),
    ];
    let before = files(copy.path());
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("99.0.0_2030-01-02.yaml");
    let refused = |from: &str, release: &str, wanted: &str| {
        let output = xtask(copy.path(), &["update", from, "--release", release]);
        let text = said(&output);
        assert!(!output.status.success(), "{from}: {text}");
        for said in [wanted, "error: step ", "nothing was changed"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("c4nary") && !text.contains("panicked"), "{text}");
        assert_same(&before, &files(copy.path()));
    };
    for (name, text, wanted) in rows {
        assert_ne!(*text, whole, "{name}");
        std::fs::write(&file, text).unwrap();
        refused(file.to_str().unwrap(), "99.0.0", wanted);
    }
    std::fs::write(&file, &whole).unwrap();
    refused(file.to_str().unwrap(), "latest", "a release is three numbers");
    refused(outside.path().join("none.yaml").to_str().unwrap(), "99.0.0", "can't be read");
    let url = format!("http://user:c4nary@{address}/none_2030-01-02.yaml?key=c4nary");
    refused(&url, "99.0.0", "status is 404");
    refused("http://user:c4nary@127.0.0.1:1/a_2030-01-02.yaml", "99.0.0", "http://127.0.0.1:1/");
    refused("http://user:c4nary@[/a_2030-01-02.yaml", "99.0.0", "step 1");
}

#[test]
fn a_client_that_does_not_compile_is_not_put_in_place() {
    let Some(copy) = copy("an update whose client does not compile") else { return };
    let lib = copy.path().join("generated-client/src/lib.rs");
    let text = std::fs::read_to_string(&lib).unwrap();
    std::fs::write(&lib, text + "compile_error!(\"as if the generator had erred\");\n").unwrap();
    let before = files(copy.path());
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("99.0.0_2030-01-02.yaml");
    std::fs::write(&file, newest_with(ADDED.0, ADDED.1)).unwrap();
    let output = xtask(copy.path(), &["update", file.to_str().unwrap(), "--release", "99.0.0"]);
    let text = said(&output);
    assert!(!output.status.success(), "{text}");
    for said in ["step 5", "as if the generator had erred", "nothing was changed"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_same(&before, &files(copy.path()));
}
