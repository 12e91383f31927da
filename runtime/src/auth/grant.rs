//! A user's grant: a code that is exchanged once, then refresh tokens, each for the next.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fmt, mem};

use secrecy::{ExposeSecret, SecretString};

use super::exchange::{SignIn, is_unspent};
use super::source::{TokenFuture, TokenSource};
use super::token::AccessToken;
use crate::error::Error;

const ADVICE: &str =
    "The code or refresh token was used, revoked or is too old: let the user sign in again";

/// Tokens on behalf of a user who has consented, from
/// [`AuthorizationRequest::finish`](super::AuthorizationRequest::finish) or from a refresh token
/// that was kept.
///
/// A PBX may issue a new refresh token with each renewal and end the old one:
/// [`on_refresh_token`](Self::on_refresh_token) hands over each, to be kept for the program's next
/// start.
///
/// A code or refresh token is good once, so the client sends it once. If the answer gets lost, the calls
/// fail, and the user has to sign in again. If no connection could be made, the client tries again.
pub struct OAuthGrant {
    client_id: String,
    client_secret: Option<SecretString>,
    held: Mutex<Held>,
    on_refresh_token: Option<Keep>,
}

type Keep = Box<dyn Fn(&SecretString) + Send + Sync>;

enum Held {
    Code {
        code: SecretString,
        verifier: SecretString,
        redirect_uri: String,
    },
    Refresh(SecretString),
    /// The code brought no refresh token.
    Nothing,
    /// It was sent, and nothing came back in its place.
    Spent,
}

impl OAuthGrant {
    /// Goes on with a refresh token that an earlier grant of the same OAuth client handed over.
    #[must_use]
    pub fn from_refresh_token(
        client_id: impl Into<String>,
        refresh_token: impl Into<SecretString>,
    ) -> Self {
        Self::new(client_id.into(), None, Held::Refresh(refresh_token.into()))
    }

    pub(super) fn from_code(
        client_id: String,
        client_secret: Option<SecretString>,
        code: SecretString,
        verifier: SecretString,
        redirect_uri: String,
    ) -> Self {
        Self::new(client_id, client_secret, Held::Code { code, verifier, redirect_uri })
    }

    fn new(client_id: String, client_secret: Option<SecretString>, held: Held) -> Self {
        Self { client_id, client_secret, held: Mutex::new(held), on_refresh_token: None }
    }

    /// The secret of a confidential client.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Calls `keep` with each new refresh token, before the access token is used.
    #[must_use]
    pub fn on_refresh_token(
        mut self,
        keep: impl Fn(&SecretString) + Send + Sync + 'static,
    ) -> Self {
        self.on_refresh_token = Some(Box::new(keep));
        self
    }

    /// Exchanges what is held for a token. It is taken before it is sent: an answer that got lost does not
    /// make the client send it again.
    async fn exchange(&self, pbx: &SignIn) -> Result<AccessToken, Error> {
        let held = mem::replace(&mut *self.held(), Held::Spent);
        let token = match self.send(pbx, &held).await {
            Ok(token) => token,
            Err(error) => {
                if is_unspent(&error) || matches!(held, Held::Nothing | Held::Spent) {
                    *self.held() = held;
                }
                return Err(error.advising_if_refused(ADVICE));
            }
        };
        *self.held() = match (&token.refresh, held) {
            (Some(refresh), _) => Held::Refresh(refresh.clone()),
            // The old refresh token stays good; a code never does.
            (None, Held::Refresh(refresh)) => Held::Refresh(refresh),
            (None, _) => Held::Nothing,
        };
        if let (Some(refresh), Some(keep)) = (&token.refresh, &self.on_refresh_token) {
            keep(refresh);
        }
        Ok(token)
    }

    async fn send(&self, pbx: &SignIn, held: &Held) -> Result<AccessToken, Error> {
        let mut request = pbx.request(pbx.token_path()).field("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            request = request.field("client_secret", secret.expose_secret());
        }
        let request = match held {
            Held::Code { code, verifier, redirect_uri } => request
                .field("grant_type", "authorization_code")
                .field("code", code.expose_secret())
                .field("code_verifier", verifier.expose_secret())
                .field("redirect_uri", redirect_uri),
            Held::Refresh(token) => request
                .field("grant_type", "refresh_token")
                .field("refresh_token", token.expose_secret()),
            Held::Nothing => {
                return Err(Error::no_credentials(
                    "the token has ended and there is no refresh token: ask for the scope `offline_access`, or let the user sign in again",
                ));
            }
            Held::Spent => {
                return Err(Error::no_credentials(
                    "the code or refresh token has been sent, and no new one came back: let the user sign in again",
                ));
            }
        };
        request.send().await
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenSource for OAuthGrant {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(self.exchange(pbx))
    }
}

impl fmt::Debug for OAuthGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthGrant").finish_non_exhaustive()
    }
}
