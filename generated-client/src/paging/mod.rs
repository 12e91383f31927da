//! Collections of any length, page by page: [`Request::items`], [`Request::pages`] and
//! [`Request::all`].
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
//! lower limit gets what it allows. [`top`](Request::top) is the most items of all pages together and
//! [`skip`](Request::skip) where they begin. [`count`](Request::count) is sent with the first page
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
//! [`by_key`](Request::by_key) goes by the key in place of `$skip`, and misses no row.
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

mod ahead;
mod all;
mod continuation;
mod cursor;
mod early;
mod mark;
mod one;
mod outline;
mod pager;
mod rest;
mod stream;
mod walk;

use serde::de::DeserializeOwned;

use crate::answer::{Answer, Page};
use crate::edm;
use crate::entity::{Entity, IntegerKey};
use crate::operation::{Filterable, Operation, Orderable, Pageable};
use crate::request::Request;
use walk::Plan;

pub(crate) use ahead::Pace;
pub use all::All;
pub use continuation::Continuation;
pub(crate) use cursor::Caps;
pub(crate) use mark::hash;
pub use stream::{Items, Pages};

/// What the pages of a collection can hold: entities, and the values of OData's primitive types and
/// enumerations.
pub trait Row: DeserializeOwned + 'static {
    /// The wire name of the property that tells one row from another.
    const KEY: Option<&'static str> = None;
}

impl<E: Entity> Row for E {
    const KEY: Option<&'static str> = E::INFO.key;
}

macro_rules! rows {
    ($($type:ty),*) => { $(impl Row for $type {})* };
}

rows!(bool, u8, i32, i64, f32, f64, String, serde_json::Value);
rows!(edm::DateTimeOffset, edm::Decimal, edm::Double, edm::Duration, edm::Guid);
rows!(edm::Single, edm::Date, edm::TimeOfDay);

/// A row that may be null.
impl<T: Row> Row for Option<T> {
    const KEY: Option<&'static str> = T::KEY;
}

/// All pages
impl<O: Pageable + Operation<Output = Page<T>>, T: Row> Request<O> {
    /// The items of all pages, one after the other: a [`Stream`](futures_core::Stream) with a
    /// [`next`](Items::next) of its own. Nothing is sent before the first item is asked for.
    ///
    /// See [`paging`](crate::paging) for what it promises.
    pub fn items(self) -> Items<T> {
        Items::new(plan(self), Page::decode)
    }

    /// The pages, one after the other, without empty ones and without the rows that repeat: a
    /// [`Stream`](futures_core::Stream) with a [`next`](Pages::next) of its own.
    ///
    /// See [`paging`](crate::paging) for what it promises.
    pub fn pages(self) -> Pages<T> {
        Pages::new(plan(self), Page::decode)
    }

    /// All items in one list, if there are no more than `most`. It asks for one more than that at the
    /// most, so that a filter which was forgotten doesn't read the whole PBX.
    ///
    /// ```no_run
    /// # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
    /// let groups = pbx.groups().list().all(500).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// More items than `most` are an error, which [`is_too_large`](crate::Error::is_too_large).
    pub fn all(self, most: usize) -> All<Items<T>, T> {
        let mut plan = plan(self);
        plan.limit(most);
        All::new(O::INFO, most, Items::new(plan, Page::decode))
    }
}

/// Pages by key
impl<O: Pageable> Request<O> {
    /// Orders by the key, and lets [`items`](Self::items) and [`pages`](Self::pages) go by it:
    /// `$filter=Id gt …` in place of `$skip`. Whatever others write meanwhile, no row that is there all
    /// the time is missed, and none comes twice.
    ///
    /// A key that `$select` leaves out is asked for too. After the last item a
    /// [`continuation`](Items::continuation) gives what is added later:
    ///
    /// ```no_run
    /// # async fn run(pbx: threecx_xapi::Client, stored: Option<String>) -> threecx_xapi::Result<()> {
    /// let mut recordings = pbx.recordings().list().by_key().items();
    /// if let Some(stored) = stored {
    ///     recordings = recordings.resume(stored.parse()?);
    /// }
    /// while let Some(recording) = recordings.next().await.transpose()? {
    ///     println!("{:?}", recording.recording_url);
    /// }
    /// let _to_store = recordings.continuation().to_string();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Together with [`order_by`](Self::order_by) it is an error, which [`is_usage`](crate::Error::is_usage).
    pub fn by_key<E: IntegerKey>(self) -> Self
    where
        O: Operation<Output = Page<E>> + Filterable<Entity = E> + Orderable<Entity = E>,
    {
        self.ordered_by_key(E::INFO.key)
    }
}

fn plan<O: Operation<Output = Page<T>>, T: Row>(request: Request<O>) -> Plan {
    let (transport, variants) = request.into_parts();
    Plan::new(transport, O::INFO, variants, T::KEY)
}
