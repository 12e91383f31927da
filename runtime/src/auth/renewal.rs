//! Renewing a user's token with the refresh token that came with it, as the web client does.

use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use super::exchange::{REFRESH_COOKIE, SignIn};
use super::token::AccessToken;
use crate::error::Error;

/// The client on whose behalf the web client's users sign in.
const WEB_CLIENT: &str = "Webclient";
/// So many refresh tokens refused in a row, and the PBX is taken for one that renews nothing: it counts
/// refusals, and blocks the address.
const GIVE_UP: u32 = 3;

/// The refresh token of a user's login.
#[derive(Default)]
pub(super) struct Renewal(Mutex<Held>);

#[derive(Default)]
struct Held {
    token: Option<SecretString>,
    sent_as: SentAs,
    /// Refresh tokens that were refused since the last renewal.
    refused: u32,
}

/// Where a refresh token stands in the request. A live PBX takes the cookie; another program sends the
/// field.
#[derive(Clone, Copy, Default)]
enum SentAs {
    #[default]
    Cookie,
    Field,
}

impl SentAs {
    fn other(self) -> Self {
        match self {
            Self::Cookie => Self::Field,
            Self::Field => Self::Cookie,
        }
    }
}

impl Renewal {
    /// Keeps the refresh token that came with a login, for the next renewal.
    pub(super) fn keep(&self, token: Option<SecretString>) {
        let mut held = self.held();
        held.token = token.filter(|_| held.refused < GIVE_UP);
    }

    /// Renews the token. `None` means that the user has to log in again: there is no refresh token, or
    /// the PBX refuses it.
    ///
    /// A refresh token is good once. It is taken before it is sent, so that an answer that got lost does
    /// not make the client send it again.
    pub(super) async fn renew(&self, pbx: &SignIn) -> Result<Option<AccessToken>, Error> {
        let (token, mut sent_as) = {
            let mut held = self.held();
            (held.token.take(), held.sent_as)
        };
        let Some(token) = token else { return Ok(None) };
        let mut outcome = send(pbx, &token, sent_as).await;
        if outcome.as_ref().is_err_and(is_refusal) {
            sent_as = sent_as.other();
            outcome = send(pbx, &token, sent_as).await;
        }
        let mut held = self.held();
        match outcome {
            Ok(access) => {
                // A PBX that sends no new one lets the old one stand.
                let token = Some(access.refresh.clone().unwrap_or(token));
                *held = Held { token, sent_as, refused: 0 };
                Ok(Some(access))
            }
            Err(error) if is_refusal(&error) => {
                held.refused = held.refused.saturating_add(1);
                Ok(None)
            }
            Err(error) => {
                if error.is_connect() || error.is_rate_limited() {
                    held.token = Some(token);
                }
                Err(error)
            }
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn send(pbx: &SignIn, token: &SecretString, sent_as: SentAs) -> Result<AccessToken, Error> {
    let request = pbx
        .request(pbx.token_path())
        .field("client_id", WEB_CLIENT)
        .field("grant_type", "refresh_token");
    let token = token.expose_secret();
    let request = match sent_as {
        SentAs::Cookie => request.cookie(REFRESH_COOKIE, token),
        SentAs::Field => request.field("refresh_token", token),
    };
    request.send().await
}

/// Whether the PBX has answered and gives no token for this one.
fn is_refusal(error: &Error) -> bool {
    error.status().is_some_and(|status| status < 500) && !error.is_rate_limited()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::connection::{Base, Connection, Settings};
    use crate::test_entities::SERVICE;

    fn pbx(address: std::net::SocketAddr) -> SignIn {
        let base = Base::parse(&format!("http://{address}"), SERVICE, false).unwrap();
        let connection = Connection::new(base, Settings::new("test")).unwrap();
        SignIn { connection: Arc::new(connection), limit: Duration::from_secs(30) }
    }

    #[tokio::test]
    async fn a_refresh_token_is_kept_only_if_it_was_not_sent() {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let pbx = pbx(socket.local_addr().unwrap());
        let renewal = Renewal::default();
        renewal.keep(Some("token".into()));
        for _ in 0..2 {
            assert!(renewal.renew(&pbx).await.unwrap_err().is_connect());
            assert!(renewal.held().token.is_some());
        }
        let listener = socket.listen(1).unwrap();
        let server = tokio::spawn(async move { drop(listener.accept().await) });
        assert!(renewal.renew(&pbx).await.unwrap_err().is_interrupted());
        server.await.unwrap();
        assert!(renewal.held().token.is_none());
        assert!(renewal.renew(&pbx).await.unwrap().is_none());
    }
}
