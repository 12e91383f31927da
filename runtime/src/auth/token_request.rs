//! A request for a token, as the source says.

use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};

use super::exchange::{RESERVED, SignIn};
use super::token::AccessToken;
use crate::error::Error;
use crate::message::{OWN_IN_SIGN_INS, header};

/// The fields of a form that are no secrets. A server that echoes another gets it blotted out.
const OPEN_FIELDS: [&str; 4] = ["client_id", "grant_type", "redirect_uri", "scope"];
/// What the value of a cookie cannot hold (RFC 6265), and the sign of the encoding itself.
const COOKIE_RESERVED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// A form that a [`TokenSource`](super::TokenSource) posts to the PBX for a token, with headers and cookies
/// of its own. [`SignIn::request`] begins it.
///
/// Its `Debug` shows no value. If the PBX echoes a value that may be a secret, the error does not show
/// it.
///
/// ```no_run
/// use secrecy::{ExposeSecret, SecretString};
/// use threecx_xapi::Client;
/// use threecx_xapi::auth::{SignIn, TokenFuture, TokenSource};
///
/// /// Goes on with the session of a browser, through a gateway that asks for a key.
/// struct Browser {
///     session: SecretString,
///     gateway_key: SecretString,
/// }
///
/// impl TokenSource for Browser {
///     fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
///         Box::pin(async move {
///             pbx.request("/connect/token")
///                 .header("X-Gateway-Key", self.gateway_key.expose_secret())
///                 .cookie("RefreshTokenCookie", self.session.expose_secret())
///                 .field("client_id", "Webclient")
///                 .field("grant_type", "refresh_token")
///                 .send()
///                 .await
///         })
///     }
/// }
///
/// # let (session, gateway_key) = ("…".into(), "…".into());
/// let source = Browser { session, gateway_key };
/// let pbx = Client::builder("https://pbx.example.com:5001").token_source(source).build()?;
/// # Ok::<(), threecx_xapi::Error>(())
/// ```
#[must_use = "call send()"]
pub struct TokenRequest<'a> {
    pbx: &'a SignIn,
    path: &'a str,
    headers: HeaderMap,
    cookies: String,
    form: String,
    /// Values that must not show, also as they are encoded.
    secrets: Vec<String>,
    problem: Option<Error>,
}

impl SignIn {
    /// Begins a request for a token, by POST. `path` begins with a slash, e.g. `/connect/token`.
    pub fn request<'a>(&'a self, path: &'a str) -> TokenRequest<'a> {
        TokenRequest {
            pbx: self,
            path,
            headers: HeaderMap::new(),
            cookies: String::new(),
            form: String::new(),
            secrets: Vec::new(),
            problem: None,
        }
    }

    /// Posts a form (`path` begins with a slash, e.g. `/connect/token`) and reads the token from
    /// the answer, as OAuth 2 defines both.
    ///
    /// # Errors
    /// The PBX cannot be reached, it refuses, or its answer has no token.
    pub async fn post_form(
        &self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<AccessToken, Error> {
        let mut request = self.request(path);
        for (name, value) in fields {
            request = request.field(name, value);
        }
        request.send().await
    }
}

impl TokenRequest<'_> {
    /// Adds a header; one of the same name goes. The client itself writes `Cookie` (see
    /// [`cookie`](Self::cookie)), `Content-Type`, `Host` and what frames the message; such a header is an error
    /// of [`send`](Self::send).
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match header(name, value, OWN_IN_SIGN_INS) {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(error) => self.reject(error),
        }
        self.secrets.push(value.to_owned());
        self
    }

    /// Adds a cookie, whose name is made of letters, digits and signs such as `-` and `_`. Characters that a cookie cannot hold are percent-encoded.
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        if HeaderName::try_from(name).is_err() {
            self.reject(Error::configuration(
                "a cookie of a sign-in has a name that cannot be sent",
            ));
        }
        let encoded = utf8_percent_encode(value, COOKIE_RESERVED).to_string();
        if !self.cookies.is_empty() {
            self.cookies.push_str("; ");
        }
        self.cookies.push_str(&format!("{name}={encoded}"));
        self.secrets.extend([value.to_owned(), encoded]);
        self
    }

    /// Adds a field to the form. All values but `client_id`, `grant_type`, `redirect_uri` and `scope`
    /// count as secrets.
    pub fn field(mut self, name: &str, value: &str) -> Self {
        let encoded = utf8_percent_encode(value, RESERVED).to_string();
        if !self.form.is_empty() {
            self.form.push('&');
        }
        self.form.push_str(name);
        self.form.push('=');
        self.form.push_str(&encoded);
        if !OPEN_FIELDS.contains(&name) {
            self.secrets.extend([value.to_owned(), encoded]);
        }
        self
    }

    /// Sends it, once, and reads the token from the answer as OAuth 2 defines it. A refresh token may also
    /// come as cookie `RefreshTokenCookie`.
    ///
    /// # Errors
    /// The PBX cannot be reached, it refuses, or its answer has no token; or a header or cookie cannot be
    /// sent, in which case nothing was. [`is_connect`](Error::is_connect) tells that the PBX has seen
    /// nothing of the request: any other failure may have used up a secret that is good once.
    pub async fn send(mut self) -> Result<AccessToken, Error> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        if let Ok(mut cookies) = HeaderValue::from_str(&self.cookies)
            && !cookies.is_empty()
        {
            cookies.set_sensitive(true);
            self.headers.insert(COOKIE, cookies);
        }
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        self.headers.insert(CONTENT_TYPE, form);
        let answer = self.pbx.post(self.path, self.headers, self.form).await?;
        if !answer.is_success() {
            let secrets: Vec<&str> = self.secrets.iter().map(String::as_str).collect();
            return Err(answer.refusal(&secrets));
        }
        answer.json().and_then(|json| answer.token(&json)).ok_or_else(|| answer.no_token())
    }

    fn reject(&mut self, problem: Error) {
        self.problem.get_or_insert(problem);
    }
}

impl fmt::Debug for TokenRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").field("path", &self.path).finish_non_exhaustive()
    }
}
