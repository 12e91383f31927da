use super::*;

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
    crate::test_document::document(&paths, schemas)
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
    let star = "    Pbx.D: { type: string, enum: ['*'] }\n";
    let problems = name(&api(star, &[]), &Exceptions::default()).unwrap_err().to_string();
    assert!(problems.contains("`Pbx.D/*` would be ``, no identifier"), "{problems}");
}

/// The row that each problem tells to add, by its section.
fn advised(problems: &Problems) -> Vec<(String, String)> {
    let rows = problems.list.iter().map(|(problem, _)| {
        let message = &problem.message;
        let (_, rest) = message.rsplit_once("; add to `").unwrap_or_else(|| panic!("{message}"));
        let (section, row) = rest.split_once(":` in spec/names.yaml: ").unwrap();
        (section.to_owned(), row.to_owned())
    });
    rows.collect()
}

#[test]
fn every_row_that_an_error_tells_to_add_works() {
    let three = "    Pbx.T: { type: object, properties: { Ab: { type: string }, ab: { type: string }, AB: { type: string } } }\n";
    type Operations<'a> = &'a [(&'a str, &'a str, &'a str)];
    let rows: &[(&str, &str, Operations<'_>)] = &[
        ("two values", NUMERIC, &[]),
        ("no identifier", "    Pbx.D: { type: string, enum: ['*', \"'\"] }\n", &[]),
        ("three properties", three, &[]),
        (
            "two types of one module",
            "    Pbx.AB: { type: object }\n    Pbx.Ab: { type: object }\n",
            &[],
        ),
        ("two types of one name", "    A.X: { type: object }\n    B.X: { type: object }\n", &[]),
        ("two resources", "", &[("GetA", "get", "/AB"), ("GetB", "get", "/Ab")]),
        (
            "two methods",
            "",
            &[("One", "get", "/Things/Pbx.Twist()"), ("Two", "get", "/Things/Pbx.twist()")],
        ),
        (
            "two structs",
            "",
            &[("Twist", "get", "/Things/Pbx.A()"), ("twist", "get", "/Things/Pbx.B()")],
        ),
    ];
    for (what, schemas, operations) in rows {
        let api = api(schemas, operations);
        let problems = name(&api, &Exceptions::default()).expect_err(what);
        let mut sections: BTreeMap<String, String> = BTreeMap::new();
        for (section, row) in advised(&problems) {
            *sections.entry(section).or_default() += &format!("- {row}\n");
        }
        let file: String =
            sections.iter().map(|(section, rows)| format!("{section}:\n{rows}")).collect();
        let names = name(&api, &exceptions(&file));
        let names = names.unwrap_or_else(|problems| panic!("{what}: {file}{problems}"));
        assert!(names.unused().is_empty(), "{what}: {:?}", names.unused());
    }
}

#[test]
fn a_newcomer_gives_way_to_what_callers_know() {
    let known = "    Pbx.X: { type: object, properties: { ab: { type: string } } }\n    Pbx.V: { type: string, enum: [b] }\n";
    let newer = "    A.X: { type: object, properties: { ab: { type: string } } }\n    Pbx.X: { type: object, properties: { Ab: { type: string }, ab: { type: string } } }\n    Pbx.V: { type: string, enum: [B, b] }\n";
    let operations = [
        ("Known", "get", "/Things/Pbx.twist()"),
        ("Alike", "get", "/Things/Pbx.Twist()"),
        ("GetKnown", "get", "/xy"),
        ("GetAlike", "get", "/Xy"),
    ];
    let document = |date: &str, api: Api| {
        let id =
            crate::model::DocumentId { release: "20.0.1".into(), date: date.into(), build: None };
        (id, api)
    };
    let documents = [
        document("2030-01-01", api(known, &[operations[0], operations[2]])),
        document("2030-02-01", api(newer, &operations)),
    ];
    let union = crate::history::unite(&documents.into()).unwrap();
    let problems = name(&union, &Exceptions::default()).unwrap_err();
    let rows: Vec<String> = advised(&problems).into_iter().map(|(_, row)| row).collect();
    for wire in ["A.X", "Pbx.X/Ab", "Pbx.V/B", "Alike", "Xy"] {
        let is_there = rows.iter().any(|row| row.contains(&format!("wire: {wire},")));
        assert!(is_there, "{wire}: {rows:#?}");
    }
}

#[test]
fn a_row_that_gives_a_taken_name_is_to_be_changed() {
    let property = "    Pbx.F: { type: object, properties: { Other: { type: string } } }\n";
    let wrong = "members: [{ wire: Pbx.F/Other, rust: clone, reason: x }]";
    let problems = name(&api(property, &[]), &exceptions(wrong)).unwrap_err().to_string();
    for said in ["`clone`, which our own code has", "change the row of Pbx.F/Other"] {
        assert!(problems.contains(said), "{problems}");
    }
}

#[test]
fn no_row_is_needed_for_a_name_of_ours() {
    let properties = ["Default", "Clone", "fmt", "gen", "Self", "into", "type", "3CX"];
    let list: String = properties.map(|it| format!("{it}: {{ type: string }}, ")).concat();
    let schemas = format!(
        "    Pbx.Firmware: {{ type: object, properties: {{ {list} }} }}\n    Pbx.Self: {{ type: string, enum: [Unrecognized, Self, Err, 3CX] }}\n"
    );
    let operations = [
        ("clone", "get", "/Things/Pbx.Clone()"),
        ("gen", "get", "/Things/Pbx.gen()"),
        ("GetSelf", "get", "/Self"),
        ("ListRequest", "get", "/Request"),
        ("Client", "get", "/Client"),
    ];
    let api = api(&schemas, &operations);
    let names = name(&api, &Exceptions::default()).unwrap_or_else(|it| panic!("{it}"));
    let found = properties.map(|it| names.member("Pbx.Firmware", it));
    let expected = ["default_", "clone_", "fmt_", "gen_", "self_", "into_", "type_", "_3_cx"];
    assert_eq!(found, expected);
    assert_eq!(names.constant("Pbx.Firmware", "Default"), "DEFAULT");
    assert_eq!((names.ty("Pbx.Self").ident.as_str()), "SelfType");
    let values = ["Unrecognized", "Self", "Err", "3CX"].map(|it| names.member("Pbx.Self", it));
    assert_eq!(values, ["UnrecognizedValue", "SelfValue", "ErrValue", "Value3CX"]);
    let calls = operations.map(|(id, ..)| names.call(&api.operations[id]));
    let expected = [
        "things().clone_",
        "things().gen_",
        "self_resource().get",
        "request_().get",
        "client().get",
    ];
    assert_eq!(calls, expected);
    // Its resource has the struct `Client`.
    assert_eq!(names.operation("Client").ident, "ClientOperation");
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
