//! A user's grant: a code that is exchanged once, then refresh tokens, each for the next.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::exchange::SignIn;
use super::source::{TokenFuture, TokenSource};
use super::token::AccessToken;
use crate::error::Error;
use crate::service;

const ADVICE: &str =
    "The code or refresh token was used, revoked or is too old: let the user sign in again";

/// Tokens on behalf of a user who has consented, from
/// [`AuthorizationRequest::finish`](super::AuthorizationRequest::finish) or from a refresh token
/// that was kept.
///
/// A PBX may issue a new refresh token with each renewal and end the old one:
/// [`on_refresh_token`](Self::on_refresh_token) hands over each, to be kept for the program's next
/// start.
pub struct OAuthGrant {
    client_id: String,
    client_secret: Option<SecretString>,
    /// Held during an exchange: a refresh token must not be used twice.
    held: Mutex<Held>,
    on_refresh_token: Option<Keep>,
}

type Keep = Box<dyn Fn(&SecretString) + Send + Sync>;

enum Held {
    Code { code: SecretString, verifier: SecretString, redirect_uri: String },
    Refresh(SecretString),
    Nothing,
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

    async fn exchange(&self, pbx: &SignIn) -> Result<AccessToken, Error> {
        let mut held = self.held.lock().await;
        let mut fields = vec![("client_id", self.client_id.as_str())];
        if let Some(secret) = &self.client_secret {
            fields.push(("client_secret", secret.expose_secret()));
        }
        match &*held {
            Held::Code { code, verifier, redirect_uri } => fields.extend([
                ("grant_type", "authorization_code"),
                ("code", code.expose_secret()),
                ("code_verifier", verifier.expose_secret()),
                ("redirect_uri", redirect_uri),
            ]),
            Held::Refresh(token) => fields.extend([
                ("grant_type", "refresh_token"),
                ("refresh_token", token.expose_secret()),
            ]),
            Held::Nothing => {
                return Err(Error::no_credentials(
                    "the token has ended and there is no refresh token: ask for the scope `offline_access`, or let the user sign in again",
                ));
            }
        }
        let token = pbx
            .post_form(service::TOKEN_PATH, &fields)
            .await
            .map_err(|error| error.advising_if_refused(ADVICE))?;
        match &token.refresh {
            Some(refresh) => {
                *held = Held::Refresh(refresh.clone());
                if let Some(keep) = &self.on_refresh_token {
                    keep(refresh);
                }
            }
            // The old refresh token stays good; a code never does.
            None if matches!(*held, Held::Code { .. }) => *held = Held::Nothing,
            None => {}
        }
        Ok(token)
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
