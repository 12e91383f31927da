//! One row of a collection, and how many there are.

use threecx_xapi_runtime::answer::Page;
use threecx_xapi_runtime::operation::{Countable, Operation, Pageable};
use threecx_xapi_runtime::paging::{self, Row};

use super::{Call, Request};

/// One item
impl<O: Pageable + Operation<Output = Page<T>>, T: Row> Request<O> {
    /// The first item, or `None` if there is none: one request with `$top=1`. Say with `order_by` which
    /// one is the first.
    ///
    /// ```no_run
    /// use threecx_xapi::entities::User;
    ///
    /// # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
    /// let user = pbx.users().list().filter(User::EMAIL_ADDRESS.eq("ada@example.com")).first().await?;
    /// if let Some(user) = user {
    ///     println!("{:?} has it", user.number);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn first(self) -> Call<Option<T>> {
        self.with_top(1).call_with(paging::first)
    }

    /// The item, if there is exactly one: one request with `$top=2`.
    ///
    /// ```no_run
    /// use threecx_xapi::entities::Group;
    ///
    /// # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
    /// let sales = pbx.groups().list().filter(Group::NAME.eq("Sales")).exactly_one().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// No item is an error, which [`is_not_found`](crate::Error::is_not_found); several are one, which
    /// [`is_too_large`](crate::Error::is_too_large).
    pub fn exactly_one(self) -> Call<T> {
        self.with_top(2).call_with(paging::exactly_one)
    }
}

/// The number of items
impl<O: Countable> Request<O> {
    /// How many rows there are that match `filter` and `search`, without any of them: `GET …/$count`. The
    /// other options, `top` and `skip` among them, make no difference.
    ///
    /// ```no_run
    /// use threecx_xapi::entities::User;
    ///
    /// # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
    /// let enabled: u64 = pbx.users().list().filter(User::ENABLED).count_only().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn count_only(self) -> Call<u64> {
        self.only_counted().call_with(paging::number)
    }
}
