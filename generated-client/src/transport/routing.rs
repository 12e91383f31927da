//! Which form of an operation is sent, by the PBX's release.

use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::{BoxFuture, Method, OperationInfo, once_prepared};
use crate::answer::Reply;
use crate::auth;
use crate::client::Client;
use crate::error::Error;
use crate::operation::{Form, OperationKind};
use crate::release::Release;
use crate::request::{self, PreparedRequest};

/// The forms of an operation that a PBX may take, in the order in which they are tried.
pub(crate) struct Routing(Vec<usize>);

impl Routing {
    /// `release` is the PBX's; where it isn't known, the newest form comes first.
    pub(crate) fn of(forms: &[Form], release: Option<Release>) -> Self {
        let Some(release) = release else { return Self((0..forms.len()).collect()) };
        let fitting = (0..forms.len()).filter(|index| forms[*index].releases.contains(release));
        let mut fitting: Vec<usize> = fitting.collect();
        if fitting.is_empty() {
            // The operation was added later, or has gone: nothing is blocked that might work.
            let before = |form: &Form| form.releases.first().is_some_and(|first| release < first);
            fitting.extend(if forms.iter().all(before) {
                forms.len().checked_sub(1)
            } else {
                Some(0)
            });
        }
        Self(fitting)
    }

    /// The first form that the given values fit; else what is wrong with the first.
    pub(crate) fn choose<T>(
        &self,
        mut form: impl FnMut(usize) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let first = self.0.first().copied().unwrap_or_default();
        let rest = self.0.iter().skip(1);
        form(first).or_else(|problem| rest.copied().find_map(|it| form(it).ok()).ok_or(problem))
    }
}

/// Makes a call of an operation that has had several forms. It is told to the answer which one it is,
/// unless several may be meant by what was sent.
pub(super) async fn execute(
    client: Client,
    info: OperationInfo,
    newest: Result<PreparedRequest, Error>,
    former: Vec<Result<PreparedRequest, Error>>,
) -> Result<Reply, Error> {
    let (begun, is_known) = (Instant::now(), client.release().is_some());
    let given = std::iter::once(&newest).chain(&former).flatten().find_map(|it| it.timeout);
    let limit = given.unwrap_or(client.timeout());
    learn(&client, limit).await.map_err(|error| error.in_operation(info))?;
    // Asking for the release is part of the call. The limit of a file is also that of its chunks.
    let within = |mut request: PreparedRequest| {
        if !is_known && !request.streamed {
            request.timeout = Some(limit.saturating_sub(begun.elapsed()));
        }
        request
    };
    let routing = Routing::of(info.forms, client.release());
    let mut forms: Vec<_> = std::iter::once(newest).chain(former).map(Some).collect();
    let mut take = |index: usize| forms.get_mut(index).and_then(Option::take);
    // A form that the given values don't fit is none that was meant.
    let mut problem = None;
    let mut fitting = routing.0.iter().filter_map(|index| match take(*index)? {
        Ok(request) => Some((*index, request)),
        Err(error) => {
            problem.get_or_insert(error);
            None
        }
    });
    let (first, second) = (fitting.next(), fitting.next());
    let Some((index, request)) = first else {
        let nothing = || Error::bad_request(info, "the operation has no form to send");
        return Err(problem.unwrap_or_else(nothing));
    };
    let url = request.url.clone();
    let outcome = once_prepared(client.clone(), Ok(within(request))).await;
    match (outcome, second) {
        // Of two that fit the later one was tried. Only a read may be tried again as the other.
        (Err(error), Some((index, request)))
            if error.status() == Some(404) && request.method().is_read() && request.url != url =>
        {
            once_prepared(client, Ok(within(request))).await.map(|reply| reply.of_form(index))
        }
        (outcome, Some(_)) => outcome,
        (outcome, None) => outcome.map(|reply| reply.of_form(index)),
    }
}

/// Sees to it that the PBX's release is known, if the PBX says it at all.
async fn learn(client: &Client, limit: Duration) -> Result<(), Error> {
    if client.release().is_some() {
        return Ok(());
    }
    let begun = Instant::now();
    let late = || Error::timeout(limit, &client.wire().host);
    // The answer to a sign-in may name it. If the sign-in fails, the call will say so.
    let signed_in = timeout(limit, auth::shared_token(client)).await;
    drop(signed_in.map_err(|_| late().in_sign_in())?);
    if client.release().is_some() {
        return Ok(());
    }
    let asked = client.probed().get_or_init(|| probe(client.clone()));
    timeout(limit.saturating_sub(begun.elapsed()), asked).await.map_err(|_| late())?;
    Ok(())
}

/// The longest that is waited for the PBX to say its release.
const PROBE: Duration = Duration::from_secs(10);

/// Asks the PBX for the cheapest thing there is: any answer names the release. Without one, calls go
/// out as to the newest.
fn probe(client: Client) -> BoxFuture<()> {
    let info = OperationInfo::new("GetDefs", "Defs", OperationKind::Get, Method::Get, "/Defs");
    Box::pin(async move {
        let request = request::plain(&client, info, "/Defs?$select=Id", PROBE);
        if let Err(error) = once_prepared(client, request).await {
            tracing::debug!(
                target: "threecx_xapi",
                error = error.kind_name(),
                status = error.status(),
                "the PBX's release is not known"
            );
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Releases;

    const fn form(releases: Releases) -> Form {
        Form { method: Method::Get, route: "/X", releases, former_answer: false }
    }

    #[test]
    fn the_release_decides_which_forms_are_tried_and_in_which_order() {
        let release = |update| Release::new(20, 0, update);
        // Two documents of 20.0.7 differ, so both forms have it.
        let forms = [
            form(Releases::ALL.since(release(7))),
            form(Releases::ALL.since(release(5)).until(release(7))),
        ];
        let rows: [(Option<Release>, &[usize]); 7] = [
            (None, &[0, 1]),
            (Some(release(4)), &[1]),
            (Some(release(5)), &[1]),
            (Some(release(6)), &[1]),
            (Some(release(7)), &[0, 1]),
            (Some(release(8)), &[0]),
            (Some(release(99)), &[0]),
        ];
        for (release, expected) in rows {
            assert_eq!(Routing::of(&forms, release).0, expected, "{release:?}");
        }
        let gone = [form(Releases::ALL.until(release(6)))];
        assert_eq!(Routing::of(&gone, Some(release(9))).0, [0]);
        assert_eq!(Routing::of(&[], Some(release(9))).choose(Ok).ok(), Some(0));
    }
}
