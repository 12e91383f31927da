//! The authorization code flow with PKCE (RFC 6749, RFC 7636), which release 20.0.10 declares.
//!
//! Written out here over `reqwest`: the `oauth2` crate would bring a second `base64`, `chrono`,
//! `rand` and `sha2` and an HTTP layer of its own for two forms and one URL, and the sign-in's
//! errors, limits and blotting of secrets would still have to be built around it. Hash and
//! randomness are those of TLS.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::utf8_percent_encode;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::exchange::RESERVED;
use super::grant::OAuthGrant;
use crate::connection::{self, sha256};
use crate::error::Error;

/// The scopes that the API declares. The last one makes the PBX issue a refresh token.
const SCOPES: &str = "openid profile email offline_access";

/// A user's consent being asked for: send the browser to [`url`](Self::url), and give the address
/// to which it comes back to [`finish`](Self::finish).
///
/// ```no_run
/// use threecx_xapi::Client;
/// use threecx_xapi::auth::AuthorizationRequest;
///
/// # fn browse(_: &str) -> String { String::new() }
/// # fn save(_: &str) {}
/// use secrecy::ExposeSecret;
///
/// let pbx = "https://pbx.example.com:5001";
/// let request = AuthorizationRequest::new("my-client", "http://127.0.0.1:8000/callback")?;
/// let returned = browse(&request.url(pbx)?);
/// let grant = request.finish(&returned)?.on_refresh_token(|token| save(token.expose_secret()));
/// let client = Client::builder(pbx).token_source(grant).build()?;
/// # Ok::<(), threecx_xapi::Error>(())
/// ```
#[must_use = "send the browser to url()"]
pub struct AuthorizationRequest {
    client_id: String,
    client_secret: Option<SecretString>,
    redirect_uri: String,
    scopes: String,
    state: String,
    verifier: SecretString,
}

impl AuthorizationRequest {
    /// A request of the OAuth client `client_id`, after which the browser is sent to
    /// `redirect_uri`, as both are registered on the PBX. `state` and the PKCE verifier are new and
    /// random.
    ///
    /// # Errors
    /// The operating system has no randomness to give.
    pub fn new(
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Result<Self, Error> {
        Ok(Self {
            client_id: client_id.into(),
            client_secret: None,
            redirect_uri: redirect_uri.into(),
            scopes: SCOPES.to_owned(),
            state: random()?,
            verifier: random()?.into(),
        })
    }

    /// The secret of a confidential client.
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Asks for these scopes (separated by spaces) in place of `openid profile email
    /// offline_access`. Without `offline_access` there is no refresh token, and the user has to
    /// consent anew when the first token ends.
    pub fn scopes(mut self, scopes: impl Into<String>) -> Self {
        self.scopes = scopes.into();
        self
    }

    /// The value that the browser brings back, for servers that tell several users' requests apart
    /// by it.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The address to which the browser is sent, on the PBX at `base_url`, of which scheme, host and port count.
    /// It holds no secret.
    ///
    /// # Errors
    /// A base URL that is none.
    pub fn url(&self, base_url: &str) -> Result<String, Error> {
        let challenge = sha256(self.verifier.expose_secret().as_bytes())?;
        let mut url = connection::origin(base_url)?;
        url.push_str("/connect/authorize?response_type=code");
        for (name, value) in [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &self.scopes),
            ("state", &self.state),
            ("code_challenge", &URL_SAFE_NO_PAD.encode(challenge)),
            ("code_challenge_method", "S256"),
        ] {
            url.push('&');
            url.push_str(name);
            url.push('=');
            url.extend(utf8_percent_encode(value, RESERVED));
        }
        Ok(url)
    }

    /// Takes the address to which the browser came back, whole or from its path on.
    ///
    /// # Errors
    /// The user or the PBX refused, or the address answers another request: its `state` differs.
    pub fn finish(self, returned: &str) -> Result<OAuthGrant, Error> {
        let (mut code, mut state, mut error, mut description) = (None, None, None, None);
        let url = Url::parse(&self.redirect_uri).and_then(|base| base.join(returned.trim()));
        let url = url.map_err(|_| {
            Error::configuration("the address that the browser came back to is not a URL")
        })?;
        for (name, value) in url.query_pairs() {
            let place = match &*name {
                "code" => &mut code,
                "state" => &mut state,
                "error" => &mut error,
                "error_description" => &mut description,
                _ => continue,
            };
            *place = Some(value.into_owned());
        }
        // Checked first: an answer to somebody else's request is not believed in anything.
        if state.as_deref() != Some(&*self.state) {
            return Err(Error::configuration(
                "the browser came back with another `state`: this is not the answer to this request",
            ));
        }
        match (code.filter(|code| !code.is_empty()), error) {
            (Some(code), None) => Ok(OAuthGrant::from_code(
                self.client_id,
                self.client_secret,
                code.into(),
                self.verifier,
                self.redirect_uri,
            )),
            (_, error) => Err(Error::not_granted(error.as_deref(), description.as_deref())),
        }
    }
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest").field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// 256 random bits as text that needs no encoding.
fn random() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(connection::random()?))
}
