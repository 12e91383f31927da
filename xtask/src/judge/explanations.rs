//! What the judges get wrong, as data: each row says by rule which complaints it explains, and why the request
//! is right nevertheless.

use xapi_codegen::model::{Api, Operation, RoutePart};

use super::complaint::{Complaint, Judge};
use super::recording::Request;

/// A kind of complaint that is the judge's fault.
pub(super) struct Explanation {
    pub(super) judge: Judge,
    /// Which complaints.
    pub(super) what: &'static str,
    /// Why they are wrong.
    pub(super) reason: &'static str,
    explains: fn(&Api, &Request, &str) -> bool,
}

pub(super) const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        judge: Judge::Prism,
        what: "a path that also fits another route, as /X(Number='1') fits /X({Id})",
        reason: "Prism takes the other route and judges the key by its type",
        explains: is_key_of_another_route,
    },
    Explanation {
        judge: Judge::OpenapiCore,
        what: "a path that also fits another route, as /X(Number='1') fits /X({Id})",
        reason: "openapi-core takes the other route and judges the key by its type",
        explains: is_key_of_another_route,
    },
];

/// The row that explains a complaint about a request.
pub(super) fn explanation(api: &Api, complaint: &Complaint, requests: &[Request]) -> Option<usize> {
    let request = requests.get(complaint.place?)?;
    EXPLANATIONS
        .iter()
        .position(|it| it.judge == complaint.judge && (it.explains)(api, request, &complaint.text))
}

/// Whether a judge complains of a value in a path that it may have taken for one of another route.
fn is_key_of_another_route(api: &Api, request: &Request, text: &str) -> bool {
    text.to_lowercase().contains("path parameter") && fits_several_routes(api, request)
}

/// Whether the path of a request fits several routes of the document, as `/X(Number='1')` fits
/// `/X(Number={Number})` and `/X({Id})`.
fn fits_several_routes(api: &Api, request: &Request) -> bool {
    let path = request.below_root().split('?').next().unwrap_or_default();
    let operations = api.operations.values().filter(|it| it.method.as_str() == request.method);
    operations.filter(|it| fits(it, path)).count() > 1
}

/// Whether a path fits a route, if a parameter may be anything within a segment.
fn fits(operation: &Operation, path: &str) -> bool {
    fn rest(parts: &[RoutePart], path: &str) -> bool {
        match parts {
            [] => path.is_empty(),
            [RoutePart::Text(text), parts @ ..] => {
                path.strip_prefix(text.as_str()).is_some_and(|path| rest(parts, path))
            }
            [RoutePart::Parameter(_), parts @ ..] => {
                let segment = path.find('/').unwrap_or(path.len());
                let ends = path.char_indices().map(|(place, _)| place).chain([path.len()]);
                ends.take_while(|end| *end <= segment).skip(1).any(|end| rest(parts, &path[end..]))
            }
        }
    }
    rest(&operation.route.parts, path)
}

#[cfg(test)]
mod tests {
    use xapi_codegen::{load, model};

    use super::*;
    use crate::workspace::spec;

    #[test]
    fn a_key_may_fit_the_route_of_another_key() {
        let (api, _) = model::read(load::load(&spec()).unwrap()).unwrap();
        for (target, expected) in [
            ("/xapi/v1/Users(Number='1')?$select=Id", true),
            ("/xapi/v1/Users(1)", false),
            ("/xapi/v1/Users(1)/Groups", false),
            ("/xapi/v1/Users", false),
        ] {
            let request = Request {
                operation: String::new(),
                method: "GET".to_owned(),
                target: target.to_owned(),
                headers: Vec::new(),
                body: String::new(),
            };
            for (text, of_path) in
                [("422: Request path parameter id must be integer", true), ("401: ", false)]
            {
                let explained = is_key_of_another_route(&api, &request, text);
                assert_eq!(explained, expected && of_path, "{target}: {text}");
            }
        }
    }
}
