//! The rest of a list that the PBX cut.

use std::future::Future;
use std::sync::Arc;

use serde::Serialize;
use threecx_xapi_runtime::entity::{Entity, Rest};
use threecx_xapi_runtime::error::Error;
use threecx_xapi_runtime::paging::{self, Row};
use threecx_xapi_runtime::property::Navigation;

use super::Client;

/// Lists that the PBX cut
impl Client {
    /// Reads the rest of a list, of which the PBX sent a part alone, to its end; see
    /// [`Entity::rest_of`](crate::Entity::rest_of).
    ///
    /// # Errors
    /// Those of a request. A link that leads away from this PBX, or back to what was read, is an error
    /// too: the token goes to the configured PBX alone. So are more than 100,000 entries.
    pub fn rest<T: Row + Send>(
        &self,
        rest: Rest<T>,
    ) -> impl Future<Output = Result<Vec<T>, Error>> + Send + use<T> {
        paging::rest(Arc::clone(&self.0), rest)
    }

    /// Reads the rest of an entity's list, if the PBX cut it, and puts it into the list.
    ///
    /// ```no_run
    /// use threecx_xapi::entities::Queue;
    ///
    /// # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
    /// let queue = pbx.queues().get(7).expand(Queue::AGENTS).await?;
    /// let queue = pbx.complete(queue, Queue::AGENTS).await?;
    /// println!("{} agents", queue.agents.unwrap_or_default().len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`rest`](Self::rest).
    pub fn complete<E: Entity, T: Row + Serialize + Send>(
        &self,
        entity: E,
        list: Navigation<E, Vec<T>>,
    ) -> impl Future<Output = Result<E, Error>> + Send + use<E, T> {
        paging::complete(Arc::clone(&self.0), entity, list)
    }
}
