//! What an operation does, read from its mark, its method and its route.

use super::{Answer, Method, OperationKind, Route};
use crate::problem::{At, Problem};

/// The mark of functions and actions.
pub(super) const DOCS_TYPE: &str = "x-ms-docs-operation-type";

/// What an operation does, read from its mark and its route.
pub(super) fn kind(
    route: &Route,
    method: Method,
    docs_type: Option<&str>,
    answer: &Answer,
    at: &At<'_>,
) -> Result<OperationKind, Problem> {
    let segments: Vec<&str> = route.segments().collect();
    let bound = segments.last().is_some_and(|last| last.starts_with("Pbx."));
    let import = segments.len() == 1;
    match (docs_type, method) {
        (Some("function"), Method::Get) if bound => return Ok(OperationKind::Function),
        (Some("functionImport"), Method::Get) if import => return Ok(OperationKind::Function),
        (Some("action"), Method::Post) if bound || import => return Ok(OperationKind::Action),
        (Some("actionImport"), Method::Post) if import => return Ok(OperationKind::Action),
        (Some("operation") | None, _) if !bound => {}
        _ => {
            let message = "doesn't fit the operation's method and route; mend them: a function is a \
                           GET, an action a POST, and both end with `Pbx.Name`";
            return Err(at.key(DOCS_TYPE).problem(message));
        }
    }
    let keyed = segments.first().is_some_and(|first| first.contains('('));
    let list = matches!(answer, Answer::Collection { .. });
    match (segments.as_slice(), method) {
        ([_], Method::Get) if list && !keyed => Ok(OperationKind::List),
        ([_], Method::Get) => Ok(OperationKind::Get),
        ([_], Method::Post) if !keyed => Ok(OperationKind::Create),
        ([_], Method::Patch) => Ok(OperationKind::Update),
        ([_], Method::Put) => Ok(OperationKind::Replace),
        ([_], Method::Delete) => Ok(OperationKind::Delete),
        ([_, _], Method::Get) => Ok(OperationKind::Navigation),
        _ => Err(at.problem(format!(
            "`{} {}` is neither an operation on an entity set or singleton, nor a navigation \
             property, nor a function or action; teach `OperationKind` what it does",
            method.as_str(),
            route.template
        ))),
    }
}
