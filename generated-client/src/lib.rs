//! The typed client for the XAPI, the configuration API of 3CX phone systems.
//!
//! A [`Client`] leads to the resources of the API, a resource to its operations; an operation is
//! awaited:
//!
//! ```no_run
//! use threecx_xapi::Client;
//! use threecx_xapi::entities::User;
//!
//! # async fn run() -> threecx_xapi::Result<()> {
//! let pbx = Client::builder("https://pbx.example.com:5001")
//!     .service_principal("integration", "the API key")
//!     .build()?;
//! let page = pbx
//!     .users()
//!     .list()
//!     .select((User::ID, User::NUMBER, User::FIRST_NAME))
//!     .order_by(User::NUMBER.asc())
//!     .top(100)
//!     .await?;
//! for user in &page {
//!     println!("{:?} {:?}", user.number, user.first_name);
//! }
//! pbx.users().update(12, User::default().first_name("Ada")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! - [`resources`] has every operation by resource, [`resources::OPERATIONS`] all of them as data.
//! - [`entities`] and [`enums`] have the types. Everything in them tolerates what a newer PBX adds.
//! - [`Request`] has the options of a call: `filter`, `select`, `top`, … each where the operation
//!   declares it; [`filter`] says what a filter can be.
//! - The PBX may be of any [`Release`] since 20.0.4: [`OperationInfo`] says which have an operation, and
//!   what has changed is sent as the PBX's own takes it.
//! - [`Request::items`] and [`Request::pages`] read collections of any length, see [`paging`];
//!   [`Client::call_log`] reads the call log of a period.
//! - [`auth`] has the ways to sign in, [`RetryPolicy`] says what is tried again.
//! - [`Download`] is a file: to memory, a writer or the disk; [`Client::download_link`] and
//!   [`Client::upload_prompt`] are for files that the API document does not have.
//! - [`json::from_str`] reads entities from your own JSON text and refuses what is mistyped.
//! - With the feature `blocking`, `.wait()` stands where `.await` would.
//! - [`Error`] says what went wrong, and what to do about it.
//! - [`edm`] has the primitive types of OData that Rust has no type for.

mod client;
mod connection;
mod info;
mod redact;
#[cfg(test)]
mod test_entities;
mod transport;

pub mod answer;
pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod download;
pub mod edm;
pub mod entity;
pub mod enumeration;
pub mod error;
pub mod files;
pub mod filter;
pub mod json;
pub mod literal;
pub mod message;
pub mod operation;
pub mod paging;
pub mod property;
pub mod query;
pub mod recipes;
pub mod release;
pub mod request;
#[doc(hidden)]
pub mod support;

#[doc(inline)]
pub use answer::{Page, Response, Value};
pub use client::{Client, ClientBuilder};
#[doc(inline)]
pub use download::Download;
#[doc(inline)]
pub use error::{Error, Result};
#[doc(inline)]
pub use filter::Filter;
#[doc(inline)]
pub use message::{PreparedRequest, Reply, RetryPolicy};
#[doc(inline)]
pub use property::Property;
#[doc(inline)]
pub use release::Release;
#[doc(inline)]
pub use request::Request;

#[rustfmt::skip]
mod generated;

pub use generated::{entities, enums, resources};
