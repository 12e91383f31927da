//! A token on its way from a source to the client.

use std::time::Duration;

use secrecy::SecretString;

/// A token as a source hands it over. Its `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct AccessToken {
    pub(super) text: SecretString,
    /// `None` means that the token's own claims decide.
    pub(super) lifetime: Option<Duration>,
    pub(super) refresh: Option<SecretString>,
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
