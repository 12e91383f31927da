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
//! # To begin
//! ```console
//! $ cargo add threecx-xapi
//! $ cargo add tokio --features macros,rt-multi-thread
//! ```
//!
//! - The admin console of the PBX makes a client id and an API key: Integrations › API. The PBX needs a licence
//!   that includes the API (Enterprise, 8 calls or more).
//! - Keep one [`Client`] for each PBX, and clone it: its clones share the one token that the PBX allows.
//! - [`cookbook`] has ten jobs, from creating a user to monitoring the PBX, and leads to programs that do them.
//! - Calls need a Tokio runtime. Programs without one use the feature `blocking`: `.wait()` stands where
//!   `.await` would.
//! - The features `ring` (default), `aws-lc` and `native-tls` choose what TLS is made of. `compression` reads
//!   answers that a gateway has compressed.
//!
//! The [README](https://docs.rs/crate/threecx-xapi/latest) has a whole program, and says more of the features.
//!
//! # Where things are
//! ## Calls
//! - [`resources`] lists every operation by resource; [`resources::OPERATIONS`] lists them as data.
//! - [`Request`] has the options of a call: `filter`, `select`, `top` and so on. An operation has those
//!   that 3CX declares for it. [`filter`] explains filters, [`query`] the other options.
//! - [`paging`] reads collections of any length, with [`Request::items`] and [`Request::pages`].
//!   [`Request::first`], [`Request::exactly_one`] and [`Request::count_only`] find one row, or count them.
//! - [`Error`] says what went wrong, and what to do about it.
//! - [`download`] has files: a [`Download`] goes to memory, to a writer or to the disk. [`files`] has
//!   those that the API document leaves out: [`Client::download_link`] and [`Client::upload_prompt`].
//! - [`recipes`] has helpers for what many programs do: [`Client::call_log`] reads the call log of a period,
//!   [`Client::set_role`] gives a user a role in a department, and [`recipes::Difference`] compares a list of
//!   the PBX with a list of your own.
//!
//! ## Types
//! - [`entities`] and [`enums`] have the types. They keep what a newer PBX adds or changes; see [`entity`].
//! - [`edm`] has the primitive types of OData for which Rust has no type.
//! - [`roles`] has the names of the roles that users have in departments.
//! - [`json::from_str`] reads entities from your own JSON text, and refuses mistyped keys.
//!
//! ## The client
//! - [`ClientBuilder`] has the settings. [`auth`] has the ways to sign in, [`RetryPolicy`] says what the client
//!   tries again.
//! - [`operation`] has the traits and facts of operations. Every operation knows the [`release`]s that
//!   have it, and the client sends it as the PBX's release takes it; 20.0.4 is the oldest.
//! - In your tests, [`ClientBuilder::answered_by`] lets a function answer in place of a PBX.

// docs.rs shows which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
mod connection;
mod file_name;
mod info;
mod plain;
mod redact;
#[path = "generated/service.rs"]
mod service;
#[cfg(test)]
mod test_entities;
mod transport;

pub mod answer;
pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod cookbook;
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
pub mod roles;
#[doc(hidden)]
pub mod support;

#[doc(inline)]
pub use answer::{Page, Response, Value};
pub use client::{Client, ClientBuilder};
#[doc(inline)]
pub use download::Download;
#[doc(inline)]
pub use entity::{Entity, Keyed};
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
/// The HTTP library whose builder [`ClientBuilder::http`] takes.
pub use reqwest;
/// The library of dates and times that the types of [`edm`] convert from and into.
pub use time;

#[rustfmt::skip]
mod generated;

pub use generated::{entities, enums, resources};
