//! One row of a collection, and how many there are.

use super::Row;
use crate::answer::{Answer, Page, Value};
use crate::error::Error;
use crate::message::Reply;
use crate::operation::{Countable, Operation, Pageable};
use crate::request::{Call, Request};

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
    pub fn first(mut self) -> Call<Option<T>> {
        self = self.with_top(1);
        self.call_with(first::<T>)
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
    /// No item is an error, which [`is_not_found`](Error::is_not_found); several are one, which
    /// [`is_too_large`](Error::is_too_large).
    pub fn exactly_one(mut self) -> Call<T> {
        self = self.with_top(2);
        self.call_with(exactly_one::<T>)
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
        self.only_counted().call_with(number)
    }
}

fn first<T: Row>(reply: Reply) -> Result<Option<T>, Error> {
    Ok(Page::decode(reply)?.into_iter().next())
}

fn exactly_one<T: Row>(reply: Reply) -> Result<T, Error> {
    let info = reply.info();
    let mut rows = Page::decode(reply)?.into_iter();
    match (rows.next(), rows.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Error::nothing(info)),
        (Some(_), Some(_)) => Err(Error::not_one(info)),
    }
}

/// OData sends the number as plain text.
fn number(reply: Reply) -> Result<u64, Error> {
    let Some(text) = reply.text()? else { return reply.empty() };
    match (serde_json::from_slice(text), serde_json::from_slice::<Value<u64>>(text)) {
        (Ok(number), _) | (Err(_), Ok(Value { value: Some(number), .. })) => Ok(number),
        (Err(error), _) => Err(reply.misfit(text, &error)),
    }
}
