//! What the typed client for the XAPI of 3CX phone systems, [`threecx-xapi`], stands on.
//!
//! It knows how a 3CX speaks OData: literals, queries, entities, errors, sign-in, calls, paging. It does not know
//! which operations and entities there are, for those are generated into `threecx-xapi`, which shows these modules
//! as its own. Use that package; what is hidden here is for it alone, and may change with every version.
//!
//! [`threecx-xapi`]: https://docs.rs/threecx-xapi

// docs.rs shows which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod connection;
mod digits;
mod file_name;
mod info;
mod plain;
mod redact;
#[cfg(test)]
mod test_entities;

pub mod answer;
pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod call;
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
pub mod release;
#[doc(hidden)]
pub mod transport;

pub use answer::{Page, Response, Value};
pub use download::Download;
pub use entity::{Entity, Keyed};
pub use error::{Error, Result};
pub use filter::Filter;
pub use message::{PreparedRequest, Reply, RetryPolicy};
pub use property::Property;
pub use release::Release;
