//! Client id and secret at `/connect/token`.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::exchange::SignIn;
use super::source::{TokenFuture, TokenSource};

/// Signs in as a service principal (Integrations > API on the PBX) with its client id and secret.
///
/// The PBX keeps one valid token for each id, a new one ends the old: give each program its own id
/// and let all its parts share one client.
pub struct ServicePrincipal {
    id: String,
    secret: SecretString,
}

impl ServicePrincipal {
    /// The id and the secret (API key) that the PBX shows when the integration is created.
    #[must_use]
    pub fn new(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self { id: id.into(), secret: secret.into() }
    }
}

impl TokenSource for ServicePrincipal {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(async move {
            let fields = [
                ("client_id", self.id.as_str()),
                ("client_secret", self.secret.expose_secret()),
                ("grant_type", "client_credentials"),
            ];
            let advice = "Check client id and secret of the service principal (Integrations > API on the PBX); the PBX blocks repeated failures";
            pbx.post_form(pbx.token_path(), &fields)
                .await
                .map_err(|error| error.advising_if_refused(advice))
        })
    }
}

impl fmt::Debug for ServicePrincipal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServicePrincipal").finish_non_exhaustive()
    }
}
