//! The pages of a collection.

use threecx_xapi_runtime::answer::{Answer, Page};
use threecx_xapi_runtime::entity::IntegerKey;
use threecx_xapi_runtime::operation::{Filterable, Operation, Orderable, Pageable};
use threecx_xapi_runtime::paging::{All, Items, Pages, Row};

use super::Request;

/// All pages
impl<O: Pageable + Operation<Output = Page<T>>, T: Row> Request<O> {
    /// The items of all pages, one after the other: a [`Stream`](futures_core::Stream) with a
    /// [`next`](Items::next) of its own. Nothing is sent before the first item is asked for.
    ///
    /// See [`paging`](crate::paging) for what it promises.
    pub fn items(self) -> Items<T> {
        Items::new(self.into_plan(T::KEY), Page::decode)
    }

    /// The pages, one after the other, without empty ones and without the rows that repeat: a
    /// [`Stream`](futures_core::Stream) with a [`next`](Pages::next) of its own.
    ///
    /// See [`paging`](crate::paging) for what it promises.
    pub fn pages(self) -> Pages<T> {
        Pages::new(self.into_plan(T::KEY), Page::decode)
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
        let mut plan = self.into_plan(T::KEY);
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
