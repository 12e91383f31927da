//! What a fake PBX is told before it starts.

use std::time::Duration;

/// The client id and secret of a service principal that may do everything.
pub const DEMO_CLIENT: (&str, &str) = ("demo", "demo-secret");
/// A service principal in the role of a system administrator, who is refused recordings and the
/// call log.
pub const DEMO_ADMIN: (&str, &str) = ("admin", "admin-secret");
/// A service principal that may do nothing.
pub const DEMO_NOBODY: (&str, &str) = ("nobody", "nobody-secret");
/// A user's number and password.
pub const DEMO_USER: (&str, &str) = ("101", "password-101");
/// A user's number, password and security code: this login asks for a second factor.
pub const DEMO_SECOND_FACTOR: (&str, &str, &str) = ("102", "password-102", "246810");
/// A public OAuth client and the address to which it sends the browser back (20.0.10).
pub const DEMO_APP: (&str, &str) = ("demo-app", "http://127.0.0.1:8000/callback");

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything but recordings, the call log and the call history.
    Admin,
    /// Only what is one's own.
    User,
}

/// The most that `$top` may be on configuration collections of a real PBX.
const CAP: usize = 100;

/// What the links to the next page look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Links {
    /// Whole URLs.
    Absolute,
    /// Relative to the service root: `Users?$skip=100`.
    Relative,
    /// Only a query: `?$skip=100`.
    Query,
    /// Whole URLs, but of another origin (`http://other.example`).
    Foreign(String),
    /// From the first page to itself, and on to the second and back.
    Loop,
}

/// How the token of a user's login is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewals {
    /// With the refresh token in the cookie `RefreshTokenCookie`.
    ByCookie,
    /// With the refresh token in the form.
    ByField,
    /// Not at all.
    Refused,
}

#[derive(Clone, Debug)]
pub(super) struct ServiceClient {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) role: Role,
}

#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) number: String,
    pub(super) password: String,
    pub(super) code: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct OAuthClient {
    pub(super) id: String,
    pub(super) secret: Option<String>,
    pub(super) redirect: String,
}

/// A fake PBX in the making; every setting has a default that suits most tests.
#[derive(Clone, Debug)]
#[must_use = "call start"]
pub struct Builder {
    pub(super) port: u16,
    pub(super) release: String,
    pub(super) users: usize,
    pub(super) contacts: usize,
    pub(super) call_log: u64,
    pub(super) recordings: (usize, u64),
    pub(super) backup_size: u64,
    pub(super) backup_polls: usize,
    pub(super) page_size: Option<usize>,
    pub(super) links: Links,
    pub(super) cap: usize,
    pub(super) silent_cap: Option<usize>,
    pub(super) offers_ranges: bool,
    pub(super) is_forgetful: bool,
    pub(super) ignores_skip: bool,
    pub(super) token_life: Duration,
    pub(super) clock_ahead: i64,
    pub(super) opaque_tokens: bool,
    pub(super) token: Option<String>,
    pub(super) renewals: Renewals,
    pub(super) clients: Vec<ServiceClient>,
    pub(super) logins: Vec<Login>,
    pub(super) apps: Vec<OAuthClient>,
}

impl Default for Builder {
    fn default() -> Self {
        let builder = Self {
            port: 0,
            release: "20.0.10".to_owned(),
            users: 10,
            contacts: 5,
            call_log: 100,
            recordings: (3, 100_000),
            backup_size: 100_000,
            backup_polls: 1,
            page_size: None,
            links: Links::Absolute,
            cap: CAP,
            silent_cap: None,
            offers_ranges: false,
            is_forgetful: false,
            ignores_skip: false,
            token_life: Duration::from_secs(3600),
            clock_ahead: 0,
            opaque_tokens: false,
            token: None,
            renewals: Renewals::ByCookie,
            clients: Vec::new(),
            logins: Vec::new(),
            apps: Vec::new(),
        };
        let (number, password, code) = DEMO_SECOND_FACTOR;
        builder
            .client(DEMO_CLIENT.0, DEMO_CLIENT.1, Role::Owner)
            .client(DEMO_ADMIN.0, DEMO_ADMIN.1, Role::Admin)
            .client(DEMO_NOBODY.0, DEMO_NOBODY.1, Role::User)
            .login(DEMO_USER.0, DEMO_USER.1, None)
            .login(number, password, Some(code))
            .app(DEMO_APP.0, None, DEMO_APP.1)
    }
}

impl Builder {
    /// The port of the loopback interface; 0, the default, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The release that is played: `20.0.8` as its newest document has it, a build such as `20.0.9.995`, or
    /// one document of several, `20.0.7/2025-05-06`. `20.0.10` without more.
    pub fn release(mut self, release: &str) -> Self {
        release.clone_into(&mut self.release);
        self
    }

    /// How many users there are at the start, with the numbers 101, 102 and so on.
    pub fn users(mut self, users: usize) -> Self {
        self.users = users;
        self
    }

    /// How many contacts there are at the start.
    pub fn contacts(mut self, contacts: usize) -> Self {
        self.contacts = contacts;
        self
    }

    /// How many rows the call log has, one each minute from 2026-01-01T00:00:00Z on.
    pub fn call_log(mut self, rows: u64) -> Self {
        self.call_log = rows;
        self
    }

    /// How many recordings there are, with the ids 981, 982 and so on, and how many bytes each has.
    pub fn recordings(mut self, recordings: usize, size: u64) -> Self {
        self.recordings = (recordings, size);
        self
    }

    /// How many bytes a backup has.
    pub fn backup_size(mut self, size: u64) -> Self {
        self.backup_size = size;
        self
    }

    /// How often a new backup is listed without its link until it is ready.
    pub fn backup_polls(mut self, polls: usize) -> Self {
        self.backup_polls = polls;
        self
    }

    /// Collections come in pages of this size with links to the next; without it they come whole.
    pub fn page_size(mut self, rows: usize) -> Self {
        self.page_size = Some(rows);
        self
    }

    /// Where the links of [`page_size`](Self::page_size) lead.
    pub fn links(mut self, links: Links) -> Self {
        self.links = links;
        self
    }

    /// The most that `$top` may be on configuration collections; 100 by default. More is refused with
    /// a 400 that names the limit.
    pub fn cap(mut self, rows: usize) -> Self {
        self.cap = rows;
        self
    }

    /// Pages have no more rows than this, whatever was asked for, and nothing says so.
    pub fn silent_cap(mut self, rows: usize) -> Self {
        self.silent_cap = Some(rows);
        self
    }

    /// Files can be read from any place on (`Range`).
    pub fn offers_ranges(mut self) -> Self {
        self.offers_ranges = true;
        self
    }

    /// Keeps no requests, so that a long run takes no more memory than a short one.
    pub fn forgetful(mut self) -> Self {
        self.is_forgetful = true;
        self
    }

    /// Every page is the first one.
    pub fn ignores_skip(mut self) -> Self {
        self.ignores_skip = true;
        self
    }

    /// How long a token is good; that of a user's login is so for at most a minute.
    pub fn token_life(mut self, life: Duration) -> Self {
        self.token_life = life;
        self
    }

    /// How many seconds the clock of the PBX is ahead of ours (negative: behind).
    pub fn clock_ahead(mut self, seconds: i64) -> Self {
        self.clock_ahead = seconds;
        self
    }

    /// Tokens that are no JWTs, so that only `expires_in` tells how long they are good.
    pub fn opaque_tokens(mut self) -> Self {
        self.opaque_tokens = true;
        self
    }

    /// A bearer token that is good without a sign-in, for everything, until all tokens are revoked.
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// How the token of a user's login is renewed; by cookie, if nothing else is said.
    pub fn renewals(mut self, renewals: Renewals) -> Self {
        self.renewals = renewals;
        self
    }

    /// One more service principal.
    pub fn client(mut self, id: &str, secret: &str, role: Role) -> Self {
        let (id, secret) = (id.to_owned(), secret.to_owned());
        self.clients.push(ServiceClient { id, secret, role });
        self
    }

    /// One more user who can log in, with a second factor or without. The last one of a number
    /// counts.
    pub fn login(mut self, number: &str, password: &str, code: Option<&str>) -> Self {
        let (number, password) = (number.to_owned(), password.to_owned());
        self.logins.push(Login { number, password, code: code.map(str::to_owned) });
        self
    }

    /// One more OAuth client for the authorization code flow, which starts with 20.0.10.
    pub fn app(mut self, id: &str, secret: Option<&str>, redirect: &str) -> Self {
        let (id, redirect) = (id.to_owned(), redirect.to_owned());
        self.apps.push(OAuthClient { id, secret: secret.map(str::to_owned), redirect });
        self
    }
}
