//! What the examples share: which PBX they work with, how they end, and how they write files.
//!
//! Copy what you need of it into your own program.

#![allow(dead_code, reason = "each example uses a part of it")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use threecx_xapi::Client;
use threecx_xapi::entities::{Group, User};
use threecx_xapi_fake::{DEMO_CLIENT, FakePbx};

/// The end of each example's `--help`.
pub(crate) const SETTINGS: &str = "\
Settings, from the environment:
  XAPI_URL            Where the PBX is, such as https://pbx.example.com:5001
  XAPI_CLIENT_ID      The client id of a service principal (Admin > Integrations > API)
  XAPI_CLIENT_SECRET  Its API key
  XAPI_CERTIFICATE    A PEM file with the certificate of the PBX, if it is self-signed; may be left out

Exit status:
  0 all is done, 1 something failed, 2 an argument, a setting or an input file is wrong";

/// Which PBX an example works with.
#[derive(clap::Args)]
pub(crate) struct Place {
    /// Work with a fake PBX inside of this program, whatever the settings are
    #[arg(long)]
    demo: bool,
}

/// A client, and the fake PBX that it may belong to, which ends when this is dropped.
pub(crate) struct Connection {
    pub(crate) pbx: Client,
    _fake: Option<FakePbx>,
}

impl Place {
    /// A client for the PBX of the settings, or for a fake one.
    pub(crate) async fn connect(&self) -> Result<Connection, Failure> {
        if self.demo {
            return demo().await;
        }
        let settings = ["XAPI_URL", "XAPI_CLIENT_ID", "XAPI_CLIENT_SECRET"].map(setting);
        let missing: Vec<_> = settings.iter().filter_map(|it| it.as_ref().err()).copied().collect();
        let [Ok(url), Ok(id), Ok(secret)] = settings else {
            return Err(Failure::usage(format!(
                "set {} in the environment, or try it out with --demo",
                missing.join(", ")
            )));
        };
        let mut builder = Client::builder(url).service_principal(id, secret);
        if let Ok(file) = setting("XAPI_CERTIFICATE") {
            builder = builder.add_root_certificate(read(Path::new(&file))?);
        }
        // Nothing has been sent yet, so what is wrong is a setting.
        let pbx = builder.build().map_err(|error| Failure::usage(error.to_string()))?;
        eprintln!("This works with the PBX at {}.", pbx.origin());
        Ok(Connection { pbx, _fake: None })
    }

    /// The same, but with a fake PBX if nothing is set.
    pub(crate) async fn connect_or_demo(&self) -> Result<Connection, Failure> {
        let settings = ["XAPI_URL", "XAPI_CLIENT_ID", "XAPI_CLIENT_SECRET"];
        match settings.into_iter().all(|name| setting(name).is_err()) {
            true => demo().await,
            false => self.connect().await,
        }
    }
}

/// What the environment says; or else the name of the setting that is missing.
fn setting(name: &'static str) -> Result<String, &'static str> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or(name)
}

async fn demo() -> Result<Connection, Failure> {
    let fake = FakePbx::builder().users(10).recordings(3, 50_000).call_log(5_000).start().await?;
    let (id, secret) = DEMO_CLIENT;
    let pbx = Client::builder(fake.url()).service_principal(id, secret).build()?;
    eprintln!(
        "This works with a fake PBX inside of this program. What it changes there ends with it."
    );
    Ok(Connection { pbx, _fake: Some(fake) })
}

/// Why an example ends early: a sentence, and the exit status.
pub(crate) struct Failure {
    message: String,
    status: u8,
}

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// The job could not be done.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: 1 }
    }

    /// An argument, a setting or an input file is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: 2 }
    }
}

/// So `?` works on every error. The client's errors say themselves what to do about them.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// How the program ends.
pub(crate) fn end(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { message, status }) => {
            eprintln!("error: {message}");
            ExitCode::from(status)
        }
    }
}

/// Reads an input file.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// The file with one more extension: `users.csv.done` beside `users.csv`.
pub(crate) fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Writes a file beside its place and renames it, so that nobody ever reads half of it.
pub(crate) fn replace(path: &Path, text: &str) -> Outcome {
    let part = beside(path, "part");
    std::fs::write(&part, text)
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// The id of the user with an extension number.
///
/// A filter finds it on every release; `get_by_number` takes no `select` before 20.0.8.
pub(crate) async fn user_id(pbx: &Client, number: &str) -> Outcome<i32> {
    let found = pbx.users().list().filter(User::NUMBER.eq(number)).select(User::ID).first().await?;
    let id = found.and_then(|user| user.id);
    id.ok_or_else(|| Failure::new(format!("there is no user with the number {number}")))
}

/// The department with a name, if there is one.
pub(crate) async fn department(pbx: &Client, name: &str) -> Outcome<Option<Group>> {
    Ok(pbx.groups().list().filter(Group::NAME.eq(name)).first().await?)
}
