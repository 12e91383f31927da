//! Requests and replies as plain data.
//!
//! Nothing here sends anything: the transport takes a prepared request and brings back a reply.

mod header;
mod link;
mod multipart;
mod parts;
mod prepared;
mod reply;
mod retry;
mod routing;
mod success;

pub(crate) use header::{OWN_IN_CALLS, OWN_IN_SIGN_INS, header};
pub(crate) use link::resolve;
pub use parts::Options;
pub use parts::RequestParts;
pub use prepared::PreparedRequest;
pub(crate) use prepared::{path_of, plain, prepare};
pub use reply::Reply;
pub(crate) use reply::{Body, Chunks};
pub use retry::RetryPolicy;
pub(crate) use routing::Routing;
pub(crate) use success::{ERROR_BODY, denied, encoded, holds_list, is_file, may_deny_file, shows};
