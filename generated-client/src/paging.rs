//! Collections of any length, page by page: [`Request::items`](crate::Request::items),
//! [`Request::pages`](crate::Request::pages) and [`Request::all`](crate::Request::all).
//!
//! ```no_run
//! use threecx_xapi::entities::User;
//!
//! # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
//! let mut users = pbx.users().list().select((User::ID, User::NUMBER)).items();
//! while let Some(user) = users.next().await {
//!     println!("{:?}", user?.number);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # How the pages are asked for
//! Each page is one request with `$top` and `$skip`. A page has 100 items, the most that lists allow,
//! or 1000 from functions; [`page_size`](Items::page_size) sets another number, and a PBX that names a
//! lower limit gets what it allows. [`top`](crate::Request::top) is the most items of all pages together and
//! [`skip`](crate::Request::skip) where they begin. [`count`](crate::Request::count) is sent with the first page
//! alone; [`total`](Items::total) has the answer.
//!
//! A page that is empty, or shorter than what was asked for, is the last one. Only where the first is
//! short is one more asked for, because a server may cap its pages without a word; if there is more,
//! the length of the first page is what is expected from then on. `@odata.nextLink`, where one comes, is
//! followed, but never to another origin.
//!
//! # When others write meanwhile
//! If others add or remove rows before the place that the walk has reached, the other rows move. If a row
//! then comes twice, the walk recognises it by its key and gives it once; therefore it adds the key to a
//! `$select` that leaves it out. A row can also move past the walk unseen.
//! [`by_key`](crate::Request::by_key) goes by the key in place of `$skip`, and misses no row.
//!
//! A server that ignores `$skip` would send its first page for ever, so a page that only repeats the one
//! before is an error. To see that, the walk compares rows without a key as a whole. A `$select` should
//! therefore leave enough to tell rows apart.
//!
//! # Several pages at once
//! A PBX takes its time for a page, whatever its length. [`read_ahead`](Items::read_ahead) asks for the pages
//! behind the current one while that is read. The rows, their order, errors and continuations are the same as
//! without it: the walk asks for a page early as it would in its turn, and an early answer counts only if
//! the walk then comes to just this request. An early request that fails is made again in its turn. Behind
//! the last row some requests are in vain. Walks by key and those that follow the PBX's own links learn from
//! each page where the next one begins, so there one page is early at the most.
//!
//! # Long lists of values
//! A filter such as `User::NUMBER.is_in(numbers)` may be too long for one request. The walk then sends
//! several, with a part of the values each, one after the other. That leaves no order of all rows, and no
//! place among them, so together with `order_by`, `by_key`, `skip` or `count` it is an error, which
//! [`is_usage`](crate::Error::is_usage). Only the list of an `in` that every row must pass can be divided:
//! not one within `or`, `not` or a lambda.
//!
//! # Going on later
//! [`continuation`](Items::continuation) is the place that was reached, as a text to store;
//! [`resume`](Items::resume) goes on from it, in another process too.

#[doc(inline)]
pub use threecx_xapi_runtime::paging::{All, Continuation, Items, Pages, Row};
