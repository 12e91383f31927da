use super::*;
use crate::load;
use crate::model::read;

/// An API of these enumerations and operations; a row is an operationId, method and path.
fn api(schemas: &str, operations: &[(&str, &str, &str)]) -> Api {
    let mut paths: BTreeMap<&str, String> = BTreeMap::new();
    for (id, method, path) in operations {
        let function = path.contains("Pbx.").then_some("x-ms-docs-operation-type: function, ");
        *paths.entry(path).or_default() += &format!(
            "    {method}: {{ tags: [X], operationId: {id}, {}responses: {{ \
             '204': {{ description: x }}, \
             default: {{ $ref: '#/components/responses/error' }} }} }}\n",
            function.unwrap_or_default()
        );
    }
    let paths: String = paths.iter().map(|(path, items)| format!("  '{path}':\n{items}")).collect();
    let paths = if paths.is_empty() { "  {}\n" } else { &paths };
    let text = format!(
        "openapi: 3.0.4\ninfo: {{ title: x, version: '1' }}\nservers: [{{ url: /xapi/v1 }}]\nsecurity: [{{ A: [] }}]\npaths:\n{paths}components:\n  schemas:\n    E.ODataError: {{ type: object }}\n{schemas}  responses:\n    error:\n      description: x\n      content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/E.ODataError' }} }} }}\n"
    );
    let read = load::parse("test".to_owned(), text).and_then(read);
    read.unwrap_or_else(|problems| panic!("{problems}")).0
}

fn exceptions(text: &str) -> Exceptions {
    Exceptions::parse("names", text).unwrap()
}

const NUMERIC: &str = "    Pbx.N: { type: string, enum: [INF, -INF] }\n";

#[test]
fn two_of_one_name_are_shown_with_the_row_to_add() {
    let problems = name(&api(NUMERIC, &[]), &Exceptions::default()).unwrap_err().to_string();
    for said in [
        "`Pbx.N/INF` and `Pbx.N/-INF` would both be `INF`",
        "`members:`",
        "spec/names.yaml",
        "wire: Pbx.N/INF",
    ] {
        assert!(problems.contains(said), "`{said}` is not said: {problems}");
    }
}

#[test]
fn a_row_mends_it_and_one_that_mends_nothing_is_reported() {
    let rows = exceptions(
        "members:\n- { wire: Pbx.N/-INF, rust: NegativeInfinity, reason: x }\n- { wire: Pbx.N/Gone, rust: X, reason: x }\nwords:\n- { word: OAuth, reason: x }\n",
    );
    let names = name(&api(NUMERIC, &[]), &rows).unwrap();
    assert_eq!(names.member("Pbx.N", "-INF"), "NegativeInfinity");
    assert_eq!(names.unused(), ["words: OAuth", "members: Pbx.N/Gone"]);
}

#[test]
fn what_is_no_identifier_is_reported() {
    let digit = "    Pbx.D: { type: string, enum: [3CX] }\n";
    let problems = name(&api(digit, &[]), &Exceptions::default()).unwrap_err().to_string();
    assert!(problems.contains("`Pbx.D/3CX` would be `3CX`, no identifier"), "{problems}");
}

#[test]
fn a_row_needs_its_reason() {
    let error = Exceptions::parse("names", "words:\n- word: OAuth\n").unwrap_err().to_string();
    assert!(error.contains("reason"), "{error}");
}

#[test]
fn a_method_is_named_by_its_route() {
    let rows = [
        ("GetThings", "get", "/Things", "things().get"),
        ("CreateThing", "post", "/Things", "things().create"),
        ("ChangeThing", "patch", "/Things(1)", "things().update"),
        ("DeleteThing", "delete", "/Things(1)", "things().delete"),
        ("GetParts", "get", "/Things(1)/SpareParts", "things().get_spare_parts"),
        ("Twist", "get", "/Things/Pbx.TwistIPs()", "things().twist_ips"),
    ];
    let operations = rows.map(|(id, method, path, _)| (id, method, path));
    let api = api("", &operations);
    let names = name(&api, &exceptions("words:\n- { word: IPs, reason: x }\n")).unwrap();
    for (id, .., call) in rows {
        assert_eq!(names.call(&api.operations[id]), call);
    }
}
