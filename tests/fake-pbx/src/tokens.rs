//! Sign-in: who gets which token, and which tokens are good.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::config::{Builder, OAuthClient, Renewals, Role};
use super::form::{fields, percent};
use super::literal;
use super::moment::Moment;
use super::release::Release;
use super::reply::Reply;
use crate::recorded::Recorded;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// The client or user; a new session ends the one before.
    subject: String,
    pub(super) role: Role,
    /// The user's number; none for a service principal.
    pub(super) user: Option<String>,
    token: String,
    until: Moment,
}

/// A refresh token, good for one use.
#[derive(Clone, Debug)]
struct Refresh {
    token: String,
    client: String,
    user: String,
}

/// A code that the browser brought back, good for one use.
#[derive(Clone, Debug)]
struct Code {
    code: String,
    client: String,
    redirect: String,
    challenge: String,
    user: String,
    offline: bool,
}

/// All that is signed in.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    sessions: Vec<Session>,
    refreshes: Vec<Refresh>,
    codes: Vec<Code>,
    minted: usize,
}

/// What a sign-in needs to know.
pub(super) struct SignIn<'p> {
    pub(super) config: &'p Builder,
    pub(super) release: &'p Release,
    pub(super) now: Moment,
    pub(super) url: &'p str,
}

impl Tokens {
    /// Nobody is signed in but who has the token of the settings.
    pub(super) fn new(token: Option<&str>) -> Self {
        let session = |token: &str| Session {
            subject: String::new(),
            role: Role::Owner,
            user: None,
            token: token.to_owned(),
            until: Moment::at(i64::MAX),
        };
        Self { sessions: token.map(session).into_iter().collect(), ..Self::default() }
    }

    /// The session of a request's token, if it is good.
    pub(super) fn session(&self, request: &Recorded, now: Moment) -> Option<&Session> {
        let token = request.header("authorization")?;
        let (scheme, token) = token.split_once(' ')?;
        let mut good = self.sessions.iter().filter(|it| now < it.until);
        good.find(|it| scheme.eq_ignore_ascii_case("bearer") && it.token == token)
    }

    /// Ends all access tokens; refresh tokens stay.
    pub(super) fn revoke(&mut self) {
        self.sessions.clear();
    }

    /// A word that was not given out before.
    fn fresh(&mut self, kind: &str) -> String {
        self.minted += 1;
        format!("{kind}-{:06}", self.minted)
    }

    /// A new token for somebody, which ends the one before.
    fn mint(&mut self, pbx: &SignIn, subject: &str, role: Role, user: Option<&str>) -> String {
        let life = i64::try_from(life(pbx, user).as_secs()).unwrap_or(i64::MAX);
        let until = Moment { seconds: pbx.now.seconds.saturating_add(life), ..pbx.now };
        let id = self.fresh("token");
        let token = if pbx.config.opaque_tokens {
            id
        } else {
            let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
            let header = part(json!({ "alg": "RS256", "typ": "at+jwt", "kid": "fake" }));
            let claims = part(json!({
                "iss": pbx.url, "aud": pbx.url, "client_id": subject, "jti": id,
                "nbf": pbx.now.seconds, "iat": pbx.now.seconds, "exp": until.seconds,
            }));
            format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(format!("signature of {id}")))
        };
        self.sessions.retain(|it| it.subject != subject);
        let (subject, user) = (subject.to_owned(), user.map(str::to_owned));
        self.sessions.push(Session { subject, role, user, token: token.clone(), until });
        token
    }

    /// The tokens of an answer. The unit of `expires_in` changed with 20.0.9.
    fn granted(pbx: &SignIn, user: Option<&str>, access: &str, refresh: Option<&str>) -> Value {
        let seconds = life(pbx, user).as_secs();
        let life = if pbx.release.update < 9 { seconds.div_ceil(60) } else { seconds };
        json!({
            "token_type": "Bearer", "expires_in": life,
            "access_token": access, "refresh_token": refresh,
        })
    }

    fn grant_user(&mut self, pbx: &SignIn, client: &str, user: &str, offline: bool) -> Value {
        let subject = format!("{client}/{user}");
        let access = self.mint(pbx, &subject, Role::Owner, Some(user));
        let refresh = offline.then(|| self.fresh("refresh"));
        if let Some(token) = refresh.clone() {
            let (client, user) = (client.to_owned(), user.to_owned());
            self.refreshes.push(Refresh { token, client, user });
        }
        Self::granted(pbx, Some(user), &access, refresh.as_deref())
    }

    /// `POST /connect/token`
    pub(super) fn token(&mut self, pbx: &SignIn, request: &Recorded) -> Reply {
        let Some(form) = fields(request) else { return oauth("invalid_request") };
        let field = |name: &str| {
            form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
        };
        let id = field("client_id");
        match field("grant_type") {
            "client_credentials" => {
                let mut clients = pbx.config.clients.iter().rev();
                let Some(client) = clients.find(|it| it.id == id) else {
                    return oauth("invalid_client");
                };
                if client.secret != field("client_secret") {
                    return oauth("invalid_client");
                }
                let access = self.mint(pbx, id, client.role, None);
                answered(&Self::granted(pbx, None, &access, None))
            }
            "refresh_token" => {
                let by_cookie = cookie(request, "RefreshTokenCookie");
                let sent = match pbx.config.renewals {
                    // The clients of others send it as OAuth 2 has it.
                    _ if id != WEBCLIENT => field("refresh_token"),
                    Renewals::ByCookie => by_cookie,
                    Renewals::ByField => field("refresh_token"),
                    Renewals::Refused => "",
                };
                let wanted = |it: &Refresh| it.token == sent && it.client == id;
                let Some(at) = self.refreshes.iter().position(wanted) else {
                    return oauth("invalid_grant");
                };
                if !app_is_known(pbx, id, field("client_secret")) {
                    return oauth("invalid_client");
                }
                let old = self.refreshes.remove(at);
                answered(&self.grant_user(pbx, &old.client, &old.user, true))
            }
            "authorization_code" if pbx.release.update >= 10 => {
                if !app_is_known(pbx, id, field("client_secret")) {
                    return oauth("invalid_client");
                }
                let wanted = |it: &Code| it.code == field("code") && it.client == id;
                let Some(at) = self.codes.iter().position(wanted) else {
                    return oauth("invalid_grant");
                };
                // A code is spent by the first attempt, even a wrong one.
                let code = self.codes.remove(at);
                let hash =
                    ring::digest::digest(&ring::digest::SHA256, field("code_verifier").as_bytes());
                let proven = URL_SAFE_NO_PAD.encode(hash) == code.challenge;
                if !proven || code.redirect != field("redirect_uri") {
                    return oauth("invalid_grant");
                }
                answered(&self.grant_user(pbx, id, &code.user, code.offline))
            }
            _ => oauth("unsupported_grant_type"),
        }
    }

    /// `POST /webclient/api/Login/GetAccessToken`: the status of HTTP says nothing.
    pub(super) fn login(&mut self, pbx: &SignIn, request: &Recorded) -> Reply {
        let body = request.json();
        let field = |name: &str| body[name].as_str().unwrap_or_default();
        let (name, code) = (field("Username"), field("SecurityCode"));
        let login = pbx.config.logins.iter().rev().find(|it| it.number == name);
        let login = login.filter(|it| it.password == field("Password"));
        let failed = |factor: Value| {
            let answer = json!({ "Status": "AuthFailed", "Token": null, "TwoFactorAuth": factor });
            Reply::json(200, &answer)
        };
        let Some(login) = login else { return failed(Value::Null) };
        if login.code.as_ref().is_some_and(|wanted| wanted != code) {
            return failed(json!({ "Type": "Totp" }));
        }
        let token = self.grant_user(pbx, WEBCLIENT, name, true);
        let answer = json!({ "Status": "AuthSuccess", "Token": token, "TwoFactorAuth": null });
        Reply::json(200, &answer)
    }

    /// `GET /connect/authorize`: the user of the first login consents at once.
    pub(super) fn authorize(&mut self, pbx: &SignIn, query: &str) -> Reply {
        let Ok(query) = literal::form(query) else { return oauth("invalid_request") };
        let field = |name: &str| {
            query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
        };
        let redirect = field("redirect_uri");
        // The browser is sent only to an address that is known.
        if app(pbx, field("client_id")).is_none_or(|it| it.redirect != redirect) {
            return oauth("invalid_client");
        }
        let mark = if redirect.contains('?') { '&' } else { '?' };
        let state = percent(field("state"));
        let back = |outcome: String| {
            Reply::empty(302).with("Location", &format!("{redirect}{mark}{outcome}&state={state}"))
        };
        let challenge = field("code_challenge");
        if field("response_type") != "code"
            || field("code_challenge_method") != "S256"
            || challenge.is_empty()
        {
            return back("error=invalid_request".to_owned());
        }
        let code = self.fresh("code");
        self.codes.push(Code {
            code: code.clone(),
            client: field("client_id").to_owned(),
            redirect: redirect.to_owned(),
            challenge: challenge.to_owned(),
            user: pbx.config.logins.first().map(|it| it.number.clone()).unwrap_or_default(),
            offline: field("scope").split(' ').any(|it| it == "offline_access"),
        });
        back(format!("code={code}"))
    }
}

/// The client on whose behalf the web client's users sign in.
const WEBCLIENT: &str = "Webclient";
/// A user's token is good for at most this long.
const USER_TOKEN_LIFE: Duration = Duration::from_secs(60);

/// How long a token is good.
fn life(pbx: &SignIn, user: Option<&str>) -> Duration {
    let life = pbx.config.token_life;
    if user.is_some() { life.min(USER_TOKEN_LIFE) } else { life }
}

/// The value of a cookie; empty if it was not sent.
fn cookie<'r>(request: &'r Recorded, name: &str) -> &'r str {
    let cookies = request.header("cookie").unwrap_or_default().split(';');
    let mut cookies = cookies.filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

fn app<'p>(pbx: &SignIn<'p>, id: &str) -> Option<&'p OAuthClient> {
    pbx.config.apps.iter().rev().find(|it| it.id == id)
}

/// Whether a client may use refresh tokens and codes; public clients have no secret.
fn app_is_known(pbx: &SignIn, id: &str, secret: &str) -> bool {
    match app(pbx, id) {
        Some(app) => app.secret.as_ref().is_none_or(|known| known == secret),
        None => id == WEBCLIENT,
    }
}

fn answered(token: &Value) -> Reply {
    Reply::json(200, token).with("Cache-Control", "no-store")
}

fn oauth(error: &str) -> Reply {
    Reply::json(400, &json!({ "error": error }))
}
