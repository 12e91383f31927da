//! Where a client gets its tokens.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::exchange::SignIn;
use super::token::AccessToken;
use crate::error::Error;

/// What [`TokenSource::fetch`] returns.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;

/// Where a client gets its tokens.
///
/// The client calls [`fetch`](Self::fetch) when it has no token, when the one it has is about to
/// end, and when the PBX refused it; not again right after a failure, and never twice at once, unless the
/// runtime on which the first call runs has stalled for longer than a sign-in may take. A panic counts as
/// a refusal.
///
/// [`SignIn::request`] sends form fields, headers and cookies through the client's connection.
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
