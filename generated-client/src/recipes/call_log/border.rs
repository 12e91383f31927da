//! The rows at the border of two windows of a call log.

use std::collections::HashMap;

use threecx_xapi_runtime::error::Error;
use threecx_xapi_runtime::json;
use threecx_xapi_runtime::paging::hash;

use crate::generated::entities::CallLogData;

/// Rows, and how often each is there. Two rows are the same if they are written in the same way; their hashes
/// stand for them, since a continuation holds them too.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Border(pub(super) HashMap<u64, u64>);

impl Border {
    fn key(row: &CallLogData) -> Result<u64, Error> {
        json::to_body("a row of the call log", row).map(|json| hash(&json))
    }

    pub(super) fn insert(&mut self, row: &CallLogData) -> Result<(), Error> {
        *self.0.entry(Self::key(row)?).or_default() += 1;
        Ok(())
    }

    /// Removes a row once; tells whether it was there.
    pub(super) fn remove(&mut self, row: &CallLogData) -> Result<bool, Error> {
        if self.0.is_empty() {
            return Ok(false);
        }
        let key = Self::key(row)?;
        let Some(times) = self.0.get_mut(&key) else { return Ok(false) };
        *times -= 1;
        if *times == 0 {
            self.0.remove(&key);
        }
        Ok(true)
    }
}
