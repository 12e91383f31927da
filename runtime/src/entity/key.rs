//! The key of an entity.

use serde::de::DeserializeOwned;

use super::table::Table;
use super::{methods, reader};
use crate::error::Error;
use crate::json::Json;

/// An entity whose key is known: what its `get`, `update` and `delete` methods take.
pub trait Keyed: Table {
    /// The type of the key.
    type Key: DeserializeOwned;

    /// The key.
    ///
    /// ```
    /// use threecx_xapi::Keyed;
    /// use threecx_xapi::entities::User;
    ///
    /// let mut user = User::default();
    /// assert!(user.key().unwrap_err().is_usage());
    /// user.id = Some(12);
    /// assert_eq!(user.key()?, 12);
    /// # Ok::<(), threecx_xapi::Error>(())
    /// ```
    ///
    /// # Errors
    /// The entity has no key: it did not come from the PBX, or a `select` left the key out.
    fn key(&self) -> Result<Self::Key, Error> {
        let key = Self::INFO.key.unwrap_or_default();
        methods::get(self, key)?.ok_or_else(|| Error::no_key(Self::INFO.name, key))
    }
}

/// An entity whose key is an `Edm.Int32` or `Edm.Int64`, so that pages can go by it: see
/// [`Request::by_key`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.by_key).
pub trait IntegerKey: Table {}

impl<E: Keyed<Key: Integer>> IntegerKey for E {}

/// The integers that keys can be.
pub trait Integer {}

impl Integer for i32 {}

impl Integer for i64 {}

/// A new entity of which the PBX sent the URL alone: `…/Users(42)`, `…/Groups(Id=28)`,
/// `…/Parameters('A%20B')`.
pub(crate) fn of_new<E: Table>(url: &str) -> Option<E> {
    let literal = literal(url)?;
    let json = match literal.strip_prefix('\'') {
        Some(text) => Json::of(&text.strip_suffix('\'')?.replace("''", "'")).ok()?,
        // A number as it is, and a GUID as a string.
        None => serde_json::from_str(&literal)
            .and_then(|number: i64| Json::of(&number))
            .or_else(|_| Json::of(&literal))
            .ok()?,
    };
    let mut entity = E::default();
    reader::set_property(&mut entity, E::INFO.key?, json.text()).ok()?;
    Some(entity)
}

/// The key in the parentheses at the end of a URL, decoded.
fn literal(url: &str) -> Option<String> {
    let (_, segment) = url.rsplit_once('/')?;
    let (_, inside) = segment.strip_suffix(')')?.split_once('(')?;
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let literal = match inside.split_once('=') {
        Some((name, literal)) if is_name(name) => literal,
        _ => inside,
    };
    let decoded = percent_encoding::percent_decode_str(literal).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn the_key_is_read_from_the_url_of_an_entity() {
        for (url, expected) in [
            ("https://pbx.example.com/xapi/v1/Users(42)", Some("42")),
            ("/xapi/v1/Users(Id=42)", Some("42")),
            ("Users(42)", None),
            ("/Parameters('A%20B%2F(c)%27%27=')", Some("'A B/(c)''='")),
            ("/Parameters(Name='a=b')", Some("'a=b'")),
            ("/Users", None),
            ("/Users(42)/Groups", None),
            ("/Users('%FF')", None),
        ] {
            assert_eq!(literal(url).as_deref(), expected, "{url}");
        }
    }
}
