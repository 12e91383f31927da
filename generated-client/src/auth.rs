//! Sign-in: where a client's token comes from.
//!
//! A client has one [`TokenSource`] and, with all its clones, one token: fetched with the first
//! call, by one task while the others wait, renewed shortly before its end, and renewed once more
//! if the PBX refuses it with a 401. A sign-in that the PBX refused is not tried again at once, as
//! the PBX counts failures and blocks the address.
//!
//! | Source | For |
//! |---|---|
//! | [`ServicePrincipal`] | an integration with client id and secret; see also [`service_principal`](crate::ClientBuilder::service_principal) |
//! | [`UserLogin`] | user name, password, and a security code where the PBX asks for one |
//! | [`AuthorizationRequest`], [`OAuthGrant`] | a user who consents in the browser (release 20.0.10), refresh tokens |
//! | [`token`](crate::ClientBuilder::token) | a token from elsewhere that is never renewed |
//! | your own | anything that implements [`TokenSource`] |

mod code;
mod exchange;
mod grant;
mod lifetime;
mod login;
mod principal;
mod session;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use secrecy::SecretString;

use crate::error::Error;

pub use code::AuthorizationRequest;
pub use exchange::SignIn;
pub use grant::OAuthGrant;
pub use login::UserLogin;
pub use principal::ServicePrincipal;
pub(crate) use session::{Auth, Credentials, Token, renewed_token, shared_token};

/// What is encoded in a form and a query: all but the unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What [`TokenSource::fetch`] returns.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;

/// Where a client gets its tokens.
///
/// The client calls [`fetch`](Self::fetch) when it has no token, when the one it has is about to
/// end, and when the PBX refused it; never twice at once, and not again right after a refusal.
///
/// ```
/// use threecx_xapi::auth::{AccessToken, SignIn, TokenFuture, TokenSource};
/// use threecx_xapi::{Client, Error};
///
/// /// Reads the token that another program keeps in a file.
/// struct FromFile(std::path::PathBuf);
///
/// impl TokenSource for FromFile {
///     fn fetch<'a>(&'a self, _: &'a SignIn) -> TokenFuture<'a> {
///         Box::pin(async move {
///             let text = std::fs::read_to_string(&self.0).map_err(Error::from_token_source)?;
///             Ok(AccessToken::new(text.trim()))
///         })
///     }
/// }
///
/// let pbx = Client::builder("https://pbx.example.com:5001")
///     .token_source(FromFile("/run/pbx/token".into()))
///     .build()?;
/// # Ok::<(), Error>(())
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Fetches a new token. `pbx` reaches the PBX with the client's own TLS, proxy and limits.
    ///
    /// It runs as a task of its own: a caller that gives up does not cut it off, so that a token
    /// which the PBX has already issued is not lost. The client limits its time.
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a>;
}

impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        (**self).fetch(pbx)
    }
}

/// A token as a source hands it over. Its `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct AccessToken {
    text: SecretString,
    /// None: what the token says of itself.
    lifetime: Option<Duration>,
    refresh: Option<SecretString>,
}

impl AccessToken {
    /// A token that is good for as long as its JWT claims say, or for a minute if it has none.
    #[must_use]
    pub fn new(text: impl Into<SecretString>) -> Self {
        Self { text: text.into(), lifetime: None, refresh: None }
    }

    /// States how long the token is good from now on. The client renews it a little earlier.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// The refresh token that came with it.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh.as_ref()
    }
}
