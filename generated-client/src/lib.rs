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
#[path = "generated/service.rs"]
mod service;
mod support;

pub mod cookbook;
pub mod paging;
pub mod recipes;
pub mod request;
pub mod roles;

pub use client::{Client, ClientBuilder};
#[doc(inline)]
pub use request::Request;
/// The HTTP library whose builder [`ClientBuilder::http`] takes.
pub use reqwest;
#[cfg(feature = "blocking")]
pub use threecx_xapi_runtime::blocking;
#[doc(inline)]
pub use threecx_xapi_runtime::{
    Download, Entity, Error, Filter, Keyed, Page, PreparedRequest, Property, Release, Reply,
    Response, Result, RetryPolicy, Value,
};
#[doc(inline)]
pub use threecx_xapi_runtime::{
    answer, auth, download, edm, entity, enumeration, error, files, filter, json, literal, message,
    operation, property, query, release,
};
/// The library of dates and times that the types of [`edm`] convert from and into.
pub use time;

#[rustfmt::skip]
mod generated;

pub use generated::{entities, enums, resources};
