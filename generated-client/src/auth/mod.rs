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
mod source;
mod token;
mod tokens;

pub use code::AuthorizationRequest;
pub use exchange::SignIn;
pub use grant::OAuthGrant;
pub use login::UserLogin;
pub use principal::ServicePrincipal;
pub use source::{TokenFuture, TokenSource};
pub use token::AccessToken;
pub(crate) use tokens::{Credentials, Token, Tokens};
