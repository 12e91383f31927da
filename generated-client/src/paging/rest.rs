//! The rest of a list that the PBX cut.

use std::collections::HashSet;
use std::future::Future;
use std::marker::PhantomData;

use serde::Serialize;

use super::Row;
use super::outline::{MOST_IDLE, idling, misled};
use crate::answer::{Answer, Page};
use crate::client::Client;
use crate::entity::{self, Entity, Rest};
use crate::error::Error;
use crate::info::{Method, OperationInfo, OperationKind};
use crate::message::RequestParts;
use crate::operation::Operation;
use crate::property::Navigation;

/// More entries no list inside of an entity has.
const MOST: usize = 100_000;

const INFO: OperationInfo =
    OperationInfo::new("RestOfList", "Lists", OperationKind::Navigation, Method::Get, "{link}");

/// One page of the rest of a list.
struct ReadRest<T> {
    link: String,
    of: PhantomData<fn() -> T>,
}

impl<T: 'static> Operation for ReadRest<T>
where
    Page<T>: Answer,
{
    type Output = Page<T>;
    const INFO: OperationInfo = INFO;

    fn write(&self, request: &mut RequestParts) {
        request.link = Some(self.link.clone());
    }
}

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
        let client = self.clone();
        async move {
            let (mut all, mut idle) = (Vec::new(), 0);
            let mut followed = HashSet::new();
            let mut next = Some(rest.link().to_owned());
            while let Some(link) = next {
                if !followed.insert(link.clone()) {
                    return Err(misled(
                        INFO,
                        "its `@odata.nextLink` leads back to a page that was read already, so there would be no end",
                    ));
                }
                let page = client.request(ReadRest { link, of: PhantomData }).await?;
                idle = if page.is_empty() { idle + 1 } else { 0 };
                all.extend(page.value);
                next = page.next_link;
                if next.is_some() && idle >= MOST_IDLE {
                    return Err(idling(INFO));
                }
                if all.len() > MOST {
                    return Err(Error::too_many(INFO, MOST));
                }
            }
            Ok(all)
        }
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
        mut entity: E,
        list: Navigation<E, Vec<T>>,
    ) -> impl Future<Output = Result<E, Error>> + Send + use<E, T> {
        let rest = entity.rest_of(list).map(|rest| self.rest(rest));
        async move {
            if let Some(rest) = rest {
                entity::extend(&mut entity, list, &rest.await?)?;
            }
            Ok(entity)
        }
    }
}
