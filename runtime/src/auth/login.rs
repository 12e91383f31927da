//! A user's name and password at the web client's login.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::exchange::{Answer, SignIn, is_unspent};
use super::renewal::Renewal;
use super::source::{TokenFuture, TokenSource};
use super::token::AccessToken;
use crate::error::Error;
use crate::redact::blotted;

const LOGIN_PATH: &str = "/webclient/api/Login/GetAccessToken";

/// Signs in as a user, with extension number and password of the web client.
///
/// A user's token lasts about a minute. The client renews it with the refresh token that came with it,
/// which the PBX takes for weeks, and sends the password again only if the PBX refuses that, or if the
/// answer to a renewal got lost.
///
/// Where the PBX asks for a second factor, the call fails with
/// [`is_second_factor`](crate::Error::is_second_factor) unless a security code is given:
/// [`security_code`](Self::security_code) for one sign-in,
/// [`security_code_with`](Self::security_code_with) for all. The client sends no code twice, unless it
/// could not make a connection.
pub struct UserLogin {
    name: String,
    password: SecretString,
    code: Option<Box<dyn Fn() -> SecretString + Send + Sync>>,
    /// The code that was sent last.
    spent: Mutex<Option<SecretString>>,
    renewal: Renewal,
}

impl UserLogin {
    /// The user's number (or whatever the web client takes as user name) and password.
    #[must_use]
    pub fn new(name: impl Into<String>, password: impl Into<SecretString>) -> Self {
        Self {
            name: name.into(),
            password: password.into(),
            code: None,
            spent: Mutex::default(),
            renewal: Renewal::default(),
        }
    }

    /// Sends this code as second factor. A code is good for one sign-in: once the token can no longer be
    /// renewed, calls fail with [`is_second_factor`](crate::Error::is_second_factor).
    #[must_use]
    pub fn security_code(self, code: impl Into<SecretString>) -> Self {
        let code = code.into();
        self.security_code_with(move || code.clone())
    }

    /// Asks this function for a code with every sign-in, such as a TOTP made from its seed. While it gives
    /// the code that was sent last, calls fail with
    /// [`is_second_factor`](crate::Error::is_second_factor).
    #[must_use]
    pub fn security_code_with<F, C>(mut self, code: F) -> Self
    where
        F: Fn() -> C + Send + Sync + 'static,
        C: Into<SecretString>,
    {
        self.code = Some(Box::new(move || code().into()));
        self
    }

    async fn token(&self, pbx: &SignIn) -> Result<AccessToken, Error> {
        if let Some(token) = self.renewal.renew(pbx).await? {
            return Ok(token);
        }
        let code = self.spend_code()?;
        let outcome = self.sign_in(pbx, &code).await;
        match &outcome {
            Ok(token) => self.renewal.keep(token.refresh.clone()),
            Err(error) if is_unspent(error) => *self.spent() = None,
            Err(_) => {}
        }
        outcome
    }

    /// The code to send, empty if there is none. It counts as sent from now on: an answer that got lost
    /// does not make the client send it again.
    fn spend_code(&self) -> Result<SecretString, Error> {
        let Some(code) = &self.code else { return Ok(SecretString::default()) };
        let code = code();
        let mut spent = self.spent();
        if spent.as_ref().is_some_and(|spent| spent.expose_secret() == code.expose_secret()) {
            return Err(Error::second_factor(
                None,
                "the security code has been used, and a new sign-in needs a new one",
            ));
        }
        *spent = Some(code.clone()).filter(|code| !code.expose_secret().is_empty());
        Ok(code)
    }

    fn spent(&self) -> MutexGuard<'_, Option<SecretString>> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn sign_in(&self, pbx: &SignIn, code: &SecretString) -> Result<AccessToken, Error> {
        let (password, code) = (self.password.expose_secret(), code.expose_secret());
        let body = json!({"Username": self.name, "Password": password, "SecurityCode": code});
        let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let headers = headers.into_iter().collect();
        let answer = pbx.post(LOGIN_PATH, headers, body.to_string()).await?;
        let json = answer.json().unwrap_or_default();
        // The status of HTTP does not tell success from failure, this one does.
        let status = json["Status"].as_str().unwrap_or_default();
        if answer.is_success() && status.eq_ignore_ascii_case("AuthSuccess") {
            return answer.token(&json["Token"]).ok_or_else(|| answer.no_token());
        }
        Err(refusal(&answer, &json, status, &[password, code]))
    }
}

/// Why there is no token. The last of `secrets` is the security code.
fn refusal(answer: &Answer, json: &Value, status: &str, secrets: &[&str]) -> Error {
    if let Value::Object(factor) = &json["TwoFactorAuth"] {
        let kind = match factor.get("Type") {
            Some(Value::String(kind)) => format!(" ({})", blotted(kind, secrets)),
            _ => String::new(),
        };
        let what = match secrets.last() {
            Some(code) if !code.is_empty() => "refuses the security code",
            _ => "asks for a security code",
        };
        return Error::second_factor(Some(answer.status), format!("the PBX {what}{kind}"));
    }
    let advice = "Check user name, password and security code, and that the user may sign in from here; the PBX blocks repeated failures";
    let error = if !answer.is_success() {
        answer.refusal(secrets)
    } else if status.is_empty() {
        return answer.no_token();
    } else {
        let status = blotted(status, secrets);
        Error::refused_because(answer.status, format!("the PBX says {status}"))
    };
    error.advising_if_refused(advice)
}

impl TokenSource for UserLogin {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(self.token(pbx))
    }
}

impl fmt::Debug for UserLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserLogin").finish_non_exhaustive()
    }
}
