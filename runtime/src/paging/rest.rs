//! The rest of a list that the PBX cut.

use std::collections::HashSet;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;

use super::Row;
use super::outline::{MOST_IDLE, idling, misled};
use crate::answer::{Answer, Page};
use crate::call::call;
use crate::entity::{self, Entity, Rest};
use crate::error::Error;
use crate::info::{Method, OperationInfo, OperationKind};
use crate::message::{Options, RequestParts};
use crate::operation::Operation;
use crate::property::Navigation;
use crate::transport::Transport;

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

/// Reads the rest of a list to its end.
#[doc(hidden)]
pub async fn rest<T: Row + Send>(
    transport: Arc<Transport>,
    rest: Rest<T>,
) -> Result<Vec<T>, Error> {
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
        let operation = ReadRest::<T> { link, of: PhantomData };
        let transport = Arc::clone(&transport);
        let page = call(transport, &operation, Options::default(), Page::decode).await?;
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

/// Reads the rest of an entity's list, if the PBX cut it, and puts it into the list.
#[doc(hidden)]
pub fn complete<E: Entity, T: Row + Serialize + Send>(
    transport: Arc<Transport>,
    mut entity: E,
    list: Navigation<E, Vec<T>>,
) -> impl Future<Output = Result<E, Error>> + Send + use<E, T> {
    let cut = entity.rest_of(list).map(|cut| rest(transport, cut));
    async move {
        if let Some(rest) = cut {
            entity::extend(&mut entity, list, &rest.await?)?;
        }
        Ok(entity)
    }
}
