//! Sign-in: where a client's token comes from.
//!
//! A client has one [`TokenSource`] and shares one token with all its clones. The first call fetches
//! the token, in one task for which the others wait. The client renews the token shortly before its
//! end, and once more if the PBX refuses it with a 401. After a failed sign-in the client waits before
//! it tries again: a moment, which all calls share, or longer after a refusal, because the PBX counts
//! those and blocks the address. If the PBX refuses a fresh token at once, the client does not renew it
//! again for some seconds either.
//!
//! What is good once (a security code, an authorization code, a refresh token) is sent once. Only if no
//! connection could be made does the client send it again.
//!
//! | Source | For |
//! |---|---|
//! | [`ServicePrincipal`] | an integration with client id and secret; see also [`service_principal`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.ClientBuilder.html#method.service_principal) |
//! | [`UserLogin`] | user name, password, and a security code where the PBX asks for one; then refresh tokens |
//! | [`AuthorizationRequest`], [`OAuthGrant`] | a user who consents in the browser (release 20.0.10), refresh tokens |
//! | [`token`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.ClientBuilder.html#method.token) | a token from elsewhere that is never renewed |
//! | your own | anything that implements [`TokenSource`] |

mod bearer;
mod code;
mod exchange;
mod grant;
mod holds;
mod lifetime;
mod login;
mod principal;
mod renewal;
mod source;
mod state;
mod token;
mod token_request;
mod tokens;

pub(crate) use bearer::Token;
pub use code::AuthorizationRequest;
pub use exchange::SignIn;
pub use grant::OAuthGrant;
pub use login::UserLogin;
pub use principal::ServicePrincipal;
pub use source::{TokenFuture, TokenSource};
pub use token::AccessToken;
pub use token_request::TokenRequest;
pub(crate) use tokens::{Credentials, SignInTimes, Tokens};
