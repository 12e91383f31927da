use super::*;
use crate::tree::{
    Entity, Enumeration, Example, Field, Info, Method, Operation, Printed, Property, Releases,
    Resource, Statement, Takes, Ty, Write,
};

fn entity(name: &str, of: &[(&str, Ty)]) -> Entity {
    let properties = of.iter().map(|(name, ty)| Property {
        name: name.to_ascii_lowercase(),
        constant: name.to_ascii_uppercase(),
        wire: (*name).to_owned(),
        ty: ty.clone(),
        is_boxed: false,
        takes: Takes::Value,
        kind: "Property",
        releases: Releases::default(),
        docs: format!("`{name}`."),
        note: None,
        deprecated: None,
    });
    Entity {
        name: name.to_owned(),
        module: name.to_ascii_lowercase(),
        wire: format!("Pbx.{name}"),
        alias: None,
        docs: format!("`Pbx.{name}`."),
        properties: properties.collect(),
        secrets: Vec::new(),
        key: None,
        keyed_by: None,
        is_open: false,
        deprecated: None,
    }
}

fn operation(name: &str, output: Ty, write: Write) -> Operation {
    Operation {
        name: name.to_owned(),
        docs: "Docs.".to_owned(),
        method: Method {
            name: name.to_ascii_lowercase(),
            docs: "Docs.".to_owned(),
            aliases: vec![name.to_owned()],
            deprecated: None,
            takes_struct: false,
        },
        fields: Vec::new(),
        has_secrets: false,
        output,
        info: Info {
            id: name.to_owned(),
            resource: "Things".to_owned(),
            kind: "List",
            method: "Get",
            route: "/Things".to_owned(),
            is_file: false,
            releases: Releases::default(),
            variants: Vec::new(),
        },
        write,
        marks: Vec::new(),
        setters: Vec::new(),
    }
}

fn resource(operations: Vec<Operation>) -> Resource {
    Resource {
        name: "Things".to_owned(),
        module: "things".to_owned(),
        wire: "Things".to_owned(),
        docs: "The operations of `Things`.".to_owned(),
        example: None,
        operations,
        moved: Vec::new(),
        deprecated: None,
    }
}

/// The text of a file of a client.
fn printed(tree: &Client, file: &str) -> String {
    client(tree).unwrap()[file].clone()
}

fn entity_file(name: &str, of: &[(&str, Ty)]) -> String {
    let tree = Client { entities: vec![entity(name, of)], ..Client::default() };
    printed(&tree, &format!("entities/{}.rs", name.to_ascii_lowercase()))
}

fn text() -> Ty {
    Ty::Std("String", Vec::new())
}

#[test]
fn a_name_is_imported_and_its_paths_are_short() {
    let printed = entity_file("User", &[("Name", text()), ("At", Ty::Runtime("Guid", Vec::new()))]);
    let lines: Vec<&str> = printed.lines().collect();
    assert!(printed.contains("use crate::support::{\n    EntityInfo, Guid, Kept,"), "{printed}");
    assert!(lines.contains(&"    pub at: Option<Guid>,"), "{printed}");
    assert!(!printed.contains("::std") && !printed.contains("crate::support::G"), "{printed}");
}

#[test]
fn a_name_that_the_file_defines_keeps_full_paths() {
    let of = [("Name", text()), ("List", Ty::Std("Vec", vec![text()]))];
    let rows = [
        ("Option", "pub name: ::std::option::Option<String>"),
        ("String", "pub list: Option<Vec<::std::string::String>>"),
        ("Vec", "pub list: Option<::std::vec::Vec<String>>"),
        ("Some", "self.name = ::std::option::Option::Some(value)"),
        ("Property", "pub const NAME: crate::support::Property<Self, String>"),
        ("Table", "impl crate::support::Table for Table"),
        ("EntityInfo", "const INFO: &'static crate::support::EntityInfo"),
        ("PropertyReader", "R: crate::support::PropertyReader<'de>"),
        // One that the tests alone have from elsewhere.
        ("Show", "entity_serde!(Show);"),
    ];
    for (name, expected) in rows {
        let printed = entity_file(name, &of);
        assert!(printed.contains(expected), "{name}: {printed}");
        assert!(!printed.contains("r#") && !printed.contains("#[doc(alias"), "{name}: {printed}");
        let imports: Vec<&str> = printed.lines().filter(|line| line.starts_with("use ")).collect();
        let imported = format!("{} ", imports.join(" ").replace(['{', ',', ';', '}'], " "));
        assert!(!imported.contains(&format!(" {name} ")), "{name}: {imports:?}");
    }
}

#[test]
fn an_operation_called_like_its_answer_keeps_the_answers_path() {
    let page = Ty::Runtime("Page", vec![Ty::Entity("User".to_owned())]);
    let list = operation("Page", page, Write::Once(Vec::new()));
    let tree = Client { resources: vec![resource(vec![list])], ..Client::default() };
    let printed = printed(&tree, "resources/things.rs");
    assert!(printed.contains("type Output = crate::support::Page<entities::User>;"), "{printed}");
    assert!(printed.contains("pub fn page(&self) -> Request<Page> {"), "{printed}");
}

#[test]
fn an_argument_called_like_a_module_is_no_module() {
    let mut get = operation("Get", Ty::Unit, Write::Once(Vec::new()));
    get.fields = vec![Field {
        name: "enums".to_owned(),
        ty: text(),
        takes: Takes::Into,
        docs: "Docs.".to_owned(),
        is_secret: false,
    }];
    let tree = Client { resources: vec![resource(vec![get])], ..Client::default() };
    let printed = printed(&tree, "resources/things.rs");
    assert!(printed.contains("let enums = enums.into();"), "{printed}");
    assert!(!printed.contains("crate::generated"), "{printed}");
}

#[test]
fn an_alias_that_the_compiler_refuses_is_left_out() {
    let mut list = operation("List", Ty::Unit, Write::Once(Vec::new()));
    let aliases = ["List", "list", "", "a\"b", "it's", "a\nb", " a", "a ", "a b", "a/b"];
    list.method.aliases = aliases.map(str::to_owned).into();
    let things = Resource { wire: "things".to_owned(), ..resource(vec![list]) };
    let tree = Client { resources: vec![things], ..Client::default() };
    let aliases = |file: &str| {
        let printed = printed(&tree, file);
        let lines = printed.lines().filter_map(|it| it.trim().strip_prefix("#[doc(alias = "));
        lines.map(|it| it.trim_end_matches(")]").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(aliases("resources/mod.rs"), Vec::<String>::new());
    assert_eq!(aliases("resources/things.rs"), [r#""List""#, r#""a b""#, r#""a/b""#]);
}

#[test]
fn a_qualified_path_is_shortened_too() {
    let list = operation("List", Ty::Unit, Write::Once(Vec::new()));
    let index = vec![("things".to_owned(), "List".to_owned())];
    let tree = Client { resources: vec![resource(vec![list])], index, ..Client::default() };
    let printed = printed(&tree, "resources/mod.rs");
    assert!(printed.contains("&[<things::List as Operation>::INFO]"), "{printed}");
    assert!(
        printed.contains("use crate::support::{Client, Operation, OperationInfo};"),
        "{printed}"
    );
}

#[test]
fn a_resource_called_like_a_module_is_its_own_module() {
    let list = operation("List", Ty::Unit, Write::Once(Vec::new()));
    let enums = Resource { module: "enums".to_owned(), ..resource(vec![list]) };
    let index = vec![("enums".to_owned(), "List".to_owned())];
    let tree = Client { resources: vec![enums], index, ..Client::default() };
    let printed = printed(&tree, "resources/mod.rs");
    assert!(printed.contains("pub fn enums(&self) -> enums::Things {"), "{printed}");
    assert!(printed.contains("&[<enums::List as Operation>::INFO]"), "{printed}");
    assert!(!printed.contains("crate::generated") && !printed.contains("r#"), "{printed}");
}

#[test]
fn every_variant_is_an_arm_of_its_number() {
    let path = |text: &str| vec![Statement::Text(text.to_owned())];
    let write = Write::ByVariant(vec![path("/New"), path("/Old")]);
    let tree = Client {
        resources: vec![resource(vec![operation("Get", Ty::Unit, write)])],
        ..Client::default()
    };
    let printed: String = printed(&tree, "resources/things.rs").split_whitespace().collect();
    let expected = "0=>{request.path(\"/New\");}1=>{request.path(\"/Old\");}_=>{}";
    assert!(printed.contains(expected), "{printed}");
}

#[test]
fn modules_stand_in_rustfmts_order() {
    let names = ["m10", "m9", "ai_model", "aaa", "ab"];
    let enumeration = |name: &str| Enumeration {
        name: name.to_ascii_uppercase(),
        module: name.to_owned(),
        wire: name.to_owned(),
        docs: "Docs.".to_owned(),
        values: Vec::new(),
        deprecated: None,
    };
    let enumerations = names.map(enumeration).into();
    let printed = printed(&Client { enumerations, ..Client::default() }, "enums/mod.rs");
    let modules = printed.lines().filter_map(|line| line.strip_prefix("mod "));
    let modules: Vec<&str> = modules.collect();
    assert_eq!(modules, ["aaa;", "ab;", "ai_model;", "m9;", "m10;"]);
}

#[test]
fn methods_and_items_are_set_apart_and_constants_are_not() {
    let printed = entity_file("User", &[("A", text()), ("B", text())]);
    for together in [
        "\"A\");\n    /// `B`\n    pub const B",
        "}\n\n    /// Sets `B`.\n    #[inline]\n    pub fn b",
    ] {
        assert!(printed.contains(together), "{together}: {printed}");
    }
    assert!(printed.contains("}\n\nentity_serde!(User);\n"), "{printed}");
    assert!(!printed.contains("\n\n\n") && !printed.contains("{\n\n"), "{printed}");
}

#[test]
fn a_user_writes_types_by_public_paths() {
    let flags = Ty::Runtime("Flags", vec![Ty::Enumeration("Kind".to_owned())]);
    let user = Ty::Entity("User".to_owned());
    let rows = [
        (user.clone(), "threecx_xapi::entities::User"),
        (Ty::Std("Vec", vec![user]), "::std::vec::Vec<threecx_xapi::entities::User>"),
        (flags, "threecx_xapi::enumeration::Flags<threecx_xapi::enums::Kind>"),
        (Ty::Runtime("Guid", Vec::new()), "threecx_xapi::edm::Guid"),
        (
            Ty::Runtime("Retyped", vec![text()]),
            "threecx_xapi::answer::Retyped<::std::string::String>",
        ),
    ];
    for (ty, path) in rows {
        assert_eq!(pieces::public_ty(&ty).to_string().replace(' ', ""), path);
    }
}

#[test]
fn an_example_shows_the_call_and_hides_the_function_around_it() {
    let arguments = ["a", "b", "c", "d", "e"].map(|name| (name.to_owned(), text()));
    let example = |arguments: &[(String, Ty)], by_struct: Option<&str>| Example {
        resource: "things".to_owned(),
        method: "list".to_owned(),
        by_struct: by_struct.map(str::to_owned),
        arguments: arguments.to_vec(),
        has_top: true,
        printed: Printed::Rows,
    };
    for (example, call) in [
        (example(&[], None), "let page = pbx.things().list().top(10).await?;"),
        (example(&arguments[..2], None), "let page = pbx.things().list(a, b).top(10).await?;"),
        (
            example(&arguments, Some("List")),
            "use threecx_xapi::resources::things::List;\nlet page = pbx.things().list(List { a, b, c, d, e }).top(10).await?;",
        ),
    ] {
        let things = Resource { example: Some(example), ..resource(Vec::new()) };
        let tree = Client { resources: vec![things], ..Client::default() };
        let printed = printed(&tree, "resources/things.rs");
        let block = printed.lines().filter_map(|line| line.strip_prefix("/// "));
        let block = block.skip_while(|line| *line != "```no_run").skip(1);
        let shown: Vec<&str> =
            block.take_while(|line| *line != "```").filter(|it| !it.starts_with('#')).collect();
        let rows = "for row in &page {\n    println!(\"{row:?}\");\n}";
        assert_eq!(shown.join("\n"), format!("{call}\n{rows}"), "{printed}");
        let hidden = printed.lines().filter(|line| line.starts_with("/// # ")).count();
        assert!(hidden >= 3 && printed.contains("/// # async fn run("), "{printed}");
    }
}
