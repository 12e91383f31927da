//! A user's name and password at the web client's login.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::exchange::{Answer, SignIn};
use super::source::{TokenFuture, TokenSource};
use super::token::AccessToken;
use crate::error::Error;
use crate::redact::blotted;

/// Signs in as a user, with extension number and password of the web client.
///
/// Where the PBX asks for a second factor, the call fails with
/// [`is_second_factor`](crate::Error::is_second_factor) unless a security code is given:
/// [`security_code`](Self::security_code) for one sign-in,
/// [`security_code_with`](Self::security_code_with) for all.
pub struct UserLogin {
    name: String,
    password: SecretString,
    code: Code,
}

enum Code {
    None,
    Once(SecretString, AtomicBool),
    With(Box<dyn Fn() -> SecretString + Send + Sync>),
}

impl UserLogin {
    /// The user's number (or whatever the web client takes as user name) and password.
    #[must_use]
    pub fn new(name: impl Into<String>, password: impl Into<SecretString>) -> Self {
        Self { name: name.into(), password: password.into(), code: Code::None }
    }

    /// Sends this code as second factor. A code is good for one sign-in: once the token has ended,
    /// calls fail with [`is_second_factor`](crate::Error::is_second_factor).
    #[must_use]
    pub fn security_code(mut self, code: impl Into<SecretString>) -> Self {
        self.code = Code::Once(code.into(), AtomicBool::new(false));
        self
    }

    /// Asks this function for a code with every sign-in, such as a TOTP made from its seed.
    #[must_use]
    pub fn security_code_with<F, C>(mut self, code: F) -> Self
    where
        F: Fn() -> C + Send + Sync + 'static,
        C: Into<SecretString>,
    {
        self.code = Code::With(Box::new(move || code().into()));
        self
    }

    async fn sign_in(&self, pbx: &SignIn) -> Result<AccessToken, Error> {
        let code = match &self.code {
            Code::None => SecretString::default(),
            // Sending it again would only count as a failure.
            Code::Once(_, spent) if spent.load(Ordering::Relaxed) => {
                return Err(Error::second_factor(
                    None,
                    "the security code has been used, and a new sign-in needs a new one",
                ));
            }
            Code::Once(code, _) => code.clone(),
            Code::With(code) => code(),
        };
        let (password, code) = (self.password.expose_secret(), code.expose_secret());
        let body = json!({"Username": self.name, "Password": password, "SecurityCode": code});
        let path = "/webclient/api/Login/GetAccessToken";
        let answer = pbx.post(path, "application/json", body.to_string()).await?;
        if let Code::Once(_, spent) = &self.code
            && answer.status < 500
        {
            spent.store(true, Ordering::Relaxed);
        }
        let json = answer.json().unwrap_or_default();
        // The status of HTTP does not tell success from failure, this one does.
        let status = json["Status"].as_str().unwrap_or_default();
        if answer.is_success() && status.eq_ignore_ascii_case("AuthSuccess") {
            return answer.token(&json["Token"]).ok_or_else(|| answer.no_token());
        }
        let (sent_password, sent_code) = (in_json(password), in_json(code));
        let secrets =
            [password, sent_password.trim_matches('"'), code, sent_code.trim_matches('"')];
        Err(refusal(&answer, &json, status, &secrets))
    }
}

/// As a secret stands in the request, should a server echo that.
fn in_json(secret: &str) -> String {
    Value::from(secret).to_string()
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
        Box::pin(self.sign_in(pbx))
    }
}

impl fmt::Debug for UserLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserLogin").finish_non_exhaustive()
    }
}
