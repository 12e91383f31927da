//! What the model refuses: each construct by its place, with a sentence that says what to do.

use crate::test_document::{api, text};

/// An operation that returns nothing, with more keys.
fn operation(id: &str, more: &str) -> String {
    format!(
        "{{ tags: [T], operationId: {id}, {more} responses: {{ '204': {{ description: x }}, {ERROR} }} }}"
    )
}

const ERROR: &str = "default: { $ref: '#/components/responses/error' }";

/// A path with one operation.
fn path(template: &str, method: &str, more: &str) -> String {
    format!("  \"{template}\":\n    {method}: {}\n", operation("Op", more))
}

/// A function with these answers.
fn answers(answers: &str) -> String {
    format!(
        "  /T/Pbx.F():\n    get: {{ tags: [T], operationId: F, x-ms-docs-operation-type: function, responses: {{ {answers}, {ERROR} }} }}\n"
    )
}

/// An answer with a JSON body.
fn json(schema: &str) -> String {
    format!("{{ description: x, content: {{ application/json: {{ schema: {schema} }} }} }}")
}

fn parameter(parameter: &str) -> String {
    path("/T", "delete", &format!("parameters: [{parameter}],"))
}

/// An action with this schema for its body.
fn action(schema: &str) -> String {
    let body = format!(
        "x-ms-docs-operation-type: action, requestBody: {{ content: {{ application/json: {{ schema: {schema} }} }} }},"
    );
    path("/T/Pbx.A", "post", &body)
}

/// An entity with one property.
fn property(schema: &str) -> String {
    format!("    E.T: {{ type: object, properties: {{ P: {schema} }} }}\n")
}

const T: &str = "    E.T: { type: object }\n";
const PROPERTY: &str = "/components/schemas/E.T/properties/P";
const TEACH: &str = "take it out of the document, or teach it";

#[track_caller]
fn refused(what: &str, paths: &str, schemas: &str, pointer: &str, message: &str, advice: &str) {
    let error = match api(text(paths, schemas)) {
        Ok(_) => panic!("{what}: is taken"),
        Err(problems) => problems.to_string(),
    };
    assert!(error.contains(&format!(" at {pointer}: ")), "{what}: {error}");
    assert!(error.starts_with("test:"), "{what}: no line: {error}");
    assert!(error.contains(message), "{what}: {error}");
    assert!(error.contains(advice), "{what}: {error}");
    assert_eq!(error.lines().count(), 1, "{what}: {error}");
}

#[test]
fn an_operation_that_clients_cant_express_is_refused() {
    let success = "{ description: x }";
    let named = json("{ $ref: '#/components/schemas/E.T' }");
    let rows: &[(&str, String, &str, &str, &str)] = &[
        ("a quoted placeholder", path("/T('{N}')", "delete", "parameters: [{ name: N, in: path, required: true, schema: { type: string } }],"), "/paths/~1T('{N}')/delete", "has quotes around `{N}`", "write the placeholder bare"),
        ("a key as segment", path("/T/{N}", "delete", "parameters: [{ name: N, in: path, required: true, schema: { type: string } }],"), "/paths/~1T~1{N}/delete", "outside of parentheses", "write a key as `({N})`"),
        ("a key within a segment", path("/T{N}", "delete", ""), "/paths/~1T{N}/delete", "outside of parentheses", "write a key as `({N})`"),
        ("an open brace", path("/T({N", "delete", ""), "/paths/~1T({N/delete", "a brace that is not closed", "mend the path"),
        ("HEAD", path("/T", "head", ""), "/paths/~1T/head", "`head` stands at a path", TEACH),
        ("OPTIONS", path("/T", "options", ""), "/paths/~1T/options", "`options` stands at a path", TEACH),
        ("TRACE", path("/T", "trace", ""), "/paths/~1T/trace", "`trace` stands at a path", TEACH),
        ("parameters of a path", format!("  /T:\n    parameters: [{{ name: N, in: query, schema: {{ type: string }} }}]\n    delete: {}\n", operation("Op", "")), "/paths/~1T/parameters", "`parameters` stands at a path", TEACH),
        ("callbacks", path("/T", "delete", "callbacks: { done: { '{$url}': {} } },"), "/paths/~1T/delete/callbacks", "stands on an operation", TEACH),
        ("security of one operation", path("/T", "delete", "security: [{ A: [] }],"), "/paths/~1T/delete/security", "stands on an operation", TEACH),
        ("servers of one operation", path("/T", "delete", "servers: [{ url: /other }],"), "/paths/~1T/delete/servers", "stands on an operation", TEACH),
        ("an unknown extension", path("/T", "delete", "x-rate: 1,"), "/paths/~1T/delete/x-rate", "an extension that we don't know", TEACH),
        ("a header", parameter("{ name: X-Tenant, in: header, schema: { type: string } }"), "/paths/~1T/delete/parameters/0", "`X-Tenant`", TEACH),
        ("a cookie", parameter("{ name: session, in: cookie, schema: { type: string } }"), "/paths/~1T/delete/parameters/0", "is a cookie, `session`", TEACH),
        ("a required query option", parameter("{ name: $filter, in: query, required: true, schema: { type: string } }"), "/paths/~1T/delete/parameters/0/required", "requires `$filter`", TEACH),
        ("a required header", parameter("{ name: If-Match, in: header, required: true, schema: { type: string } }"), "/paths/~1T/delete/parameters/0/required", "requires `If-Match`", TEACH),
        ("a deprecated query option", parameter("{ name: $top, in: query, deprecated: true, schema: { type: integer } }"), "/paths/~1T/delete/parameters/0/deprecated", "deprecates `$top`", TEACH),
        ("a query parameter of its own", parameter("{ name: page, in: query, schema: { type: integer } }"), "/paths/~1T/delete/parameters/0", "none of the query options", TEACH),
        ("an option twice", parameter("{ name: $top, in: query, schema: { type: integer } }, { name: $top, in: query, schema: { type: integer } }"), "/paths/~1T/delete/parameters/1", "declared twice", "remove one"),
        ("two successes", answers(&format!("'200': {named}, '201': {named}")), "/paths/~1T~1Pbx.F()/get/responses", "several successes, 200 and 201", TEACH),
        ("a body or none", answers(&format!("'200': {named}, '204': {success}")), "/paths/~1T~1Pbx.F()/get/responses", "several successes, 200 and 204", TEACH),
        ("no success", answers("'404': { $ref: '#/components/responses/error' }"), "/paths/~1T~1Pbx.F()/get/responses", "no success", TEACH),
        ("a redirect", answers("'302': { description: x }"), "/paths/~1T~1Pbx.F()/get/responses/302", "a success other than", TEACH),
        ("another error", answers(&format!("'204': {success}, '4XX': {named}")), "/paths/~1T~1Pbx.F()/get/responses/4XX/content", "another error than", TEACH),
        ("headers of an answer", answers("'204': { description: x, headers: { ETag: { schema: { type: string } } } }"), "/paths/~1T~1Pbx.F()/get/responses/204/headers", "beside an answer's content", TEACH),
        ("another media type", answers("'200': { description: x, content: { text/csv: { schema: { type: string } } } }"), "/paths/~1T~1Pbx.F()/get/responses/200/content", "another media type", TEACH),
        ("an object in place", answers(&format!("'200': {}", json("{ type: object, properties: { a: { type: string } } }"))), "/paths/~1T~1Pbx.F()/get/responses/200/content/application~1json/schema", "an object in place", TEACH),
        ("a bare number", answers(&format!("'200': {}", json("{ $ref: '#/components/schemas/E.N' }"))), "/paths/~1T~1Pbx.F()/get/responses/200/content/application~1json/schema", "a bare Edm.Int32", TEACH),
        ("an open action body", action("{ type: object, additionalProperties: true }"), "/paths/~1T~1Pbx.A/post/requestBody/content/application~1json/schema/additionalProperties", "opens the body of an action", TEACH),
        ("a list as a body", path("/T", "post", "requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/E.L' } } } },"), "/paths/~1T/post/requestBody/content/application~1json/schema", "Collection(Edm.Int32) a body", TEACH),
        ("bytes as an answer to a change", path("/T/Pbx.A", "post", "x-ms-docs-operation-type: action,").replace("'204': { description: x }", "'200': { description: x, content: { image/png: { schema: { type: string, format: binary } } } }"), "/paths/~1T~1Pbx.A/post/responses", "answers a change with bytes", TEACH),
        ("an unknown route", path("/T/Sub/Pbx", "post", ""), "/paths/~1T~1Sub~1Pbx/post", "neither an operation on an entity set", "teach `OperationKind`"),
    ];
    let schemas = format!(
        "{T}    E.N: {{ type: integer, format: int32 }}\n    E.L: {{ type: array, items: {{ type: integer, format: int32 }} }}\n"
    );
    for (what, paths, pointer, message, advice) in rows {
        refused(what, paths, &schemas, pointer, message, advice);
    }
}

#[test]
fn a_schema_that_clients_cant_express_is_refused() {
    let rows: &[(&str, String, &str, &str, &str)] = &[
        (
            "values of several types",
            property("{ enum: [1, true] }"),
            "/enum/1",
            "lists `true`",
            "texts of a string or whole numbers",
        ),
        (
            "values of another type",
            property("{ type: string, enum: [a, 1] }"),
            "/enum/1",
            "lists `1`",
            "texts of a string or whole numbers",
        ),
        (
            "a format that we don't know",
            property("{ type: string, format: uri }"),
            "/format",
            "is the format `uri`",
            TEACH,
        ),
        (
            "a number without a format",
            property("{ type: number }"),
            "",
            "a number of another format",
            TEACH,
        ),
        (
            "a short integer",
            property("{ type: integer, format: int16 }"),
            "/format",
            "`int16`",
            TEACH,
        ),
        (
            "an integer without a format",
            property("{ type: integer }"),
            "",
            "an integer without a format",
            TEACH,
        ),
        (
            "a bound",
            property("{ type: integer, format: int32, minimum: 1 }"),
            "",
            "a bound other than",
            TEACH,
        ),
        ("an object in place", property("{ type: object }"), "", "is an object in place", TEACH),
        (
            "a union",
            property("{ oneOf: [{ type: string }, { type: boolean }] }"),
            "/oneOf",
            "another union",
            TEACH,
        ),
        (
            "any of several",
            property("{ anyOf: [{ $ref: '#/components/schemas/E.T' }, { type: string }] }"),
            "",
            "no value's type",
            TEACH,
        ),
        (
            "two references",
            property(
                "{ allOf: [{ $ref: '#/components/schemas/E.T' }, { $ref: '#/components/schemas/E.ODataError' }] }",
            ),
            "/allOf",
            "no single reference",
            TEACH,
        ),
        (
            "a list of nothing",
            property("{ type: array }"),
            "",
            "without `items`",
            "say what it lists",
        ),
        (
            "few items",
            property("{ type: array, maxItems: 3, items: { type: string } }"),
            "",
            "bounds the items",
            TEACH,
        ),
        (
            "a limit of items",
            property("{ type: array, items: { type: string, maxLength: 3 } }"),
            "/items",
            "has a limit",
            TEACH,
        ),
        (
            "both directions",
            property("{ type: string, readOnly: true, writeOnly: true }"),
            "",
            "both `readOnly` and `writeOnly`",
            "remove one",
        ),
        (
            "a default of another type",
            property("{ type: boolean, default: soon }"),
            "/default",
            "is no Edm.Boolean",
            TEACH,
        ),
        (
            "an unknown extension",
            property("{ type: string, x-colour: red }"),
            "/x-colour",
            "an extension that we don't know",
            TEACH,
        ),
        (
            "a reference to nothing",
            property("{ $ref: '#/components/schemas/None' }"),
            "/$ref",
            "leads nowhere",
            "is the document complete?",
        ),
        (
            "an envelope as a type",
            property("{ $ref: '#/components/schemas/E.Page' }")
                + "    E.Page: { type: object, properties: { '@odata.count': { type: integer, format: int64 }, value: { type: array, items: { $ref: '#/components/schemas/E.T' } } } }\n",
            "",
            "OData's envelope of an answer, the type of a value",
            TEACH,
        ),
        (
            "a text for a flag",
            property("{ type: string, nullable: 'yes' }"),
            "/nullable",
            "true or false is expected here, and `yes` was found",
            "true or false",
        ),
        (
            "a list for a schema",
            property("[string]"),
            "",
            "a schema is expected here, and a list of 1 was found",
            "a schema is expected",
        ),
    ];
    for (what, schemas, below, message, advice) in rows {
        refused(what, "", schemas, &format!("{PROPERTY}{below}"), message, advice);
    }
}

#[test]
fn a_type_that_is_made_of_itself_is_refused() {
    let list = "    E.A: { type: array, items: { $ref: '#/components/schemas/E.A' } }\n";
    let lists = "    E.A: { type: array, items: { $ref: '#/components/schemas/E.B' } }\n    E.B: { type: array, items: { $ref: '#/components/schemas/E.A' } }\n";
    let reference = "    E.A: { $ref: '#/components/schemas/E.A' }\n";
    let references = "    E.A: { $ref: '#/components/schemas/E.B' }\n    E.B: { $ref: '#/components/schemas/E.A' }\n";
    let base = "    E.A: { allOf: [{ $ref: '#/components/schemas/E.A' }] }\n";
    let bases = "    E.A: { type: object, allOf: [{ $ref: '#/components/schemas/E.B' }, { type: object }] }\n    E.B: { type: object, allOf: [{ $ref: '#/components/schemas/E.A' }, { type: object }] }\n";
    for (what, schemas) in [
        ("a list of itself", list),
        ("two lists of each other", lists),
        ("a reference to itself", reference),
        ("two references to each other", references),
        ("its own base", base),
        ("bases of each other", bases),
    ] {
        let error = api(text("", schemas)).map(|_| ()).unwrap_err().to_string();
        let (place, advice) = (" at /components/schemas/E.A", ["break the circle", "name a type"]);
        assert!(error.contains(place), "{what}: {error}");
        assert!(advice.iter().any(|it| error.contains(it)), "{what}: {error}");
    }
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let chain = |length: usize, link: fn(&str) -> String| {
        let name = |number: usize| format!("E.A{number}");
        let links = (0..length).map(|it| format!("    {}: {}\n", name(it), link(&name(it + 1))));
        let end = format!("    {}: {{ type: string }}\n", name(length));
        property("{ $ref: '#/components/schemas/E.A0' }") + &links.collect::<String>() + &end
    };
    let list =
        |of: &str| format!("{{ type: array, items: {{ $ref: '#/components/schemas/{of}' }} }}");
    let in_place = (0..17)
        .fold("{ type: string }".to_owned(), |of, _| format!("{{ type: array, items: {of} }}"));
    for (what, schemas, message, advice) in [
        ("lists in place", property(&in_place), "more than 16 lists", "put an object between them"),
        ("lists by name", chain(17, list), "more than 16 lists", "put an object between them"),
        ("3000 lists", chain(3000, list), "more than 64 others", "make the chain shorter"),
    ] {
        let error = api(text("", &schemas)).map(|_| ()).expect_err(what).to_string();
        assert!(error.contains(message) && error.contains(advice), "{what}: {error}");
    }
    assert!(api(text("", &chain(16, list))).is_ok());
}

#[test]
fn a_service_that_clients_cant_reach_is_refused() {
    let good = text("", "");
    assert!(api(good.clone()).is_ok());
    let scheme =
        "{ type: oauth2, flows: { clientCredentials: { tokenUrl: /connect/token, scopes: {} } } }";
    let rows = [
        ("no server", "[{ url: /xapi/v1 }]", "[]", "/servers", "name one"),
        (
            "two services",
            "[{ url: /xapi/v1 }]",
            "[{ url: /xapi/v1 }, { url: /xapi/v2 }]",
            "/servers/1/url",
            TEACH,
        ),
        (
            "a variable in the path",
            "/xapi/v1",
            "'https://pbx/{version}'",
            "/servers/0/url",
            "such as /xapi/v1",
        ),
        ("a query", "/xapi/v1", "'/xapi?v=1'", "/servers/0/url", "such as /xapi/v1"),
        ("no path", "/xapi/v1", "'https://pbx'", "/servers/0/url", "such as /xapi/v1"),
        ("no sign-in", "[{ A: [] }]", "[]", "/security", "name a scheme"),
        ("an unknown scheme", "[{ A: [] }]", "[{ B: [] }]", "/security", "define it"),
        (
            "a key",
            scheme,
            "{ type: apiKey, name: key, in: header }",
            "/components/securitySchemes/A",
            TEACH,
        ),
        (
            "no path of tokens",
            scheme,
            "{ type: http, scheme: bearer }",
            "/components/securitySchemes",
            "name one",
        ),
        (
            "two paths of tokens",
            "clientCredentials:",
            "authorizationCode: { authorizationUrl: /a, tokenUrl: /b, scopes: {} }, clientCredentials:",
            "/components/securitySchemes/A/flows/",
            TEACH,
        ),
    ];
    for (what, from, to, pointer, advice) in rows {
        assert!(good.contains(from), "{what}");
        let error = api(good.replacen(from, to, 1)).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(&format!(" at {pointer}")), "{what}: {error}");
        assert!(error.contains(advice), "{what}: {error}");
    }
}

#[test]
fn marks_of_byte_order_and_end_are_no_part_of_the_text() {
    for (before, after) in [("\u{feff}", ""), ("---\n", "...\n"), ("", "\n...")] {
        assert!(api(format!("{before}{}{after}", text("", ""))).is_ok(), "{before}{after}");
    }
}

#[test]
fn words_of_openapi_3_1_that_3_0_lacks_are_refused() {
    let newer = |schemas: &str| text("", schemas).replacen("3.0.4", "3.1.0", 1);
    assert!(api(newer(&property("{ type: [string, 'null'] }"))).is_ok());
    let rows = [
        ("{ type: string, nullable: true }", "/nullable", "write `type: [string, 'null']`"),
        ("{ type: 'null' }", "/type", TEACH),
        ("{ type: [string, boolean, 'null'] }", "/type", TEACH),
        ("{ type: array, prefixItems: [{ type: string }] }", "/prefixItems", TEACH),
        ("{ type: string, $defs: { A: { type: string } } }", "/$defs", TEACH),
        ("{ type: string, if: { minLength: 1 } }", "/if", TEACH),
        ("{ type: string, contentMediaType: text/html }", "/contentMediaType", TEACH),
        ("{ const: 1.5 }", "/enum/0", "lists `1.5`"),
    ];
    for (schema, below, advice) in rows {
        let error = api(newer(&property(schema))).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(&format!(" at {PROPERTY}{below}: ")), "{schema}: {error}");
        assert!(error.contains(advice), "{schema}: {error}");
    }
    let top = [
        ("webhooks: { done: { post: { responses: { '200': { description: x } } } } }", "/webhooks"),
        ("jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema'", "/jsonSchemaDialect"),
    ];
    for (line, pointer) in top {
        let error = api(newer("") + line + "\n").map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(&format!(" at {pointer}: ")), "{line}: {error}");
    }
}
