//! What an answer must be for one row, or a number.

use super::Row;
use crate::answer::{Answer, Page, Value};
use crate::error::Error;
use crate::message::Reply;

/// The first row of the answer.
#[doc(hidden)]
pub fn first<T: Row>(reply: Reply) -> Result<Option<T>, Error> {
    Ok(Page::decode(reply)?.into_iter().next())
}

/// The row of the answer, if there is exactly one.
#[doc(hidden)]
pub fn exactly_one<T: Row>(reply: Reply) -> Result<T, Error> {
    let info = reply.info();
    let mut rows = Page::decode(reply)?.into_iter();
    match (rows.next(), rows.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Error::nothing(info)),
        (Some(_), Some(_)) => Err(Error::not_one(info)),
    }
}

/// OData sends the number as plain text.
/// The number that `$count` gives.
#[doc(hidden)]
pub fn number(reply: Reply) -> Result<u64, Error> {
    let Some(text) = reply.text()? else { return reply.empty() };
    match (serde_json::from_slice(text), serde_json::from_slice::<Value<u64>>(text)) {
        (Ok(number), _) | (Err(_), Ok(Value { value: Some(number), .. })) => Ok(number),
        (Err(error), _) => Err(reply.misfit(text, &error)),
    }
}
