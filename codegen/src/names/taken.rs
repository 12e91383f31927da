//! What becomes of a name that Rust or our own code has taken. There is one rule for each kind of thing,
//! the same for every document, so that no row of `spec/names.yaml` is needed:
//!
//! | a | whose name is taken by | is called |
//! |---|---|---|
//! | property, method, resource's accessor | a keyword, a method that its type has anyway | `default_` |
//! | parameter | a keyword | `type_` |
//! | parameter that is a method of the request | a method that a request has anyway | `filter_parameter` |
//! | parameter beside an entity as the body | the field `body` | `body_parameter` |
//! | parameter | a function that methods call, or the client of an example | `list_parameter` |
//! | value | a variant or type that each enumeration has | `UnrecognizedValue` |
//! | type | `Self` | `SelfType` |
//! | operation's struct | its resource's struct, `Self` | `GetUpdateDetailsOperation` |
//! | resource's struct | `Self` | `SelfResource` |
//!
//! A name that begins with a digit gets `_` in front, or the word of its kind: `Value3CX`.
//!
//! Types may be called like anything of Rust or the runtime, because [`crate::emit`] prints full paths
//! where a file has an item of the same name.

/// The methods of the traits that the types of generated code have: a method of the same name would hide
/// them.
const OF_TYPES: &[&str] = &[
    "borrow",
    "borrow_mut",
    "clone",
    "clone_from",
    "clone_into",
    "default",
    "deserialize",
    "eq",
    "fmt",
    "into",
    "ne",
    "serialize",
    "to_owned",
    "try_into",
    "type_id",
];

/// The methods that the client has of its own.
const OF_CLIENT: &[&str] = &[
    "builder",
    "call_log",
    "complete",
    "download_link",
    "origin",
    "release",
    "request",
    "rest",
    "set_role",
    "upload_prompt",
    "upload_prompt_from",
];

/// The methods that a request has of its own.
const OF_REQUEST: &[&str] = &[
    "all",
    "attempt_timeout",
    "by_key",
    "call_with",
    "clear",
    "count",
    "count_only",
    "exactly_one",
    "expand",
    "filter",
    "first",
    "header",
    "if_match",
    "into_plan",
    "items",
    "maybe",
    "new",
    "null",
    "only_counted",
    "operation",
    "order_by",
    "ordered_by_key",
    "pages",
    "prepare",
    "retry",
    "retry_writes",
    "search",
    "select",
    "send",
    "set_literal",
    "set_property",
    "skip",
    "timeout",
    "top",
    "with_top",
];

/// The methods of the traits that a request has beside those of [`OF_TYPES`]: `IntoFuture`, and `Wait` of
/// the feature `blocking`.
const OF_TRAITS_OF_REQUEST: &[&str] = &["into_future", "wait"];

/// The methods that each entity has of the traits `Entity` and `Table`, and the field behind them. A method that only
/// an entity with a key has is called `key`: a property of this name keeps it.
const OF_ENTITIES: &[&str] = &[
    "additional",
    "changes_from",
    "count_of",
    "get",
    "kept",
    "maybe",
    "null",
    "read",
    "rest_of",
    "set",
    "unread",
    "unset",
    "visit",
    "whole",
];

/// The variants of each enumeration, and the types that its traits call by `Self::`.
const OF_ENUMERATIONS: &[&str] = &["Err", "Unrecognized"];

/// What generated code uses where the arguments of a method are: the runtime's function that makes a list of
/// one, and the client in an example. An argument of the same name would hide it.
const BESIDE_ARGUMENTS: &[&str] = &["list", "pbx"];

/// The field and setter of a property.
pub(super) fn property(name: String) -> String {
    let is_taken = is_property_taken(&name);
    behind(name, is_taken)
}

pub(super) fn is_property_taken(name: &str) -> bool {
    OF_TYPES.contains(&name) || OF_ENTITIES.contains(&name)
}

/// The method of a resource.
pub(super) fn method(name: String) -> String {
    let is_taken = is_method_taken(&name);
    behind(name, is_taken)
}

pub(super) fn is_method_taken(name: &str) -> bool {
    OF_TYPES.contains(&name)
}

/// The method of the client that leads to a resource.
pub(super) fn accessor(name: String) -> String {
    let is_taken = is_accessor_taken(&name);
    behind(name, is_taken)
}

pub(super) fn is_accessor_taken(name: &str) -> bool {
    OF_TYPES.contains(&name) || OF_CLIENT.contains(&name)
}

/// A module.
pub(super) fn module(name: String) -> String {
    behind(name, false)
}

/// The field and argument of a parameter.
pub(super) fn field(name: String, has_entity_body: bool) -> String {
    if is_field_taken(&name) || has_entity_body && name == "body" {
        return format!("{name}_parameter");
    }
    behind(name, false)
}

pub(super) fn is_field_taken(name: &str) -> bool {
    BESIDE_ARGUMENTS.contains(&name)
}

/// The method of the request that sets a parameter.
pub(super) fn option(field: String) -> String {
    if is_option_taken(&field) { format!("{field}_parameter") } else { field }
}

pub(super) fn is_option_taken(name: &str) -> bool {
    [OF_TYPES, OF_REQUEST, OF_TRAITS_OF_REQUEST].iter().any(|known| known.contains(&name))
}

/// The variant of a value.
pub(super) fn value(name: String) -> String {
    let is_taken = is_value_taken(&name);
    with_word(name, "Value", is_taken)
}

pub(super) fn is_value_taken(name: &str) -> bool {
    OF_ENUMERATIONS.contains(&name)
}

/// An entity, an enumeration or another name of a primitive type.
pub(super) fn ty(name: String) -> String {
    with_word(name, "Type", false)
}

/// The struct of a resource.
pub(super) fn resource(name: String) -> String {
    with_word(name, "Resource", false)
}

/// The struct of an operation.
pub(super) fn operation(name: String, resources: &[&str]) -> String {
    let is_taken = resources.contains(&name.as_str());
    with_word(name, "Operation", is_taken)
}

/// Whether Rust takes a name for an identifier, in every edition up to 2024.
pub(super) fn is_identifier(name: &str) -> bool {
    // No keyword is longer: most names need no parser.
    const LONGEST_KEYWORD: usize = "continue".len();
    let is_plain = name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    let is_long = name.len() > LONGEST_KEYWORD && !name.starts_with(|c: char| c.is_ascii_digit());
    is_plain && is_long || name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}

fn behind(name: String, is_taken: bool) -> String {
    match name.as_bytes().first() {
        None => name,
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) if is_taken || !is_identifier(&name) => name + "_",
        Some(_) => name,
    }
}

fn with_word(name: String, word: &str, is_taken: bool) -> String {
    match name.as_bytes().first() {
        None => name,
        Some(first) if first.is_ascii_digit() => format!("{word}{name}"),
        Some(_) if is_taken || !is_identifier(&name) => name + word,
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The methods of the `impl` blocks of a type, in the client's hand-written files.
    fn methods(of: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-client/src");
        let mut open = vec![source];
        while let Some(path) = open.pop() {
            for entry in std::fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    let is_generated = path.ends_with("generated");
                    open.extend((!is_generated).then_some(path));
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for item in syn::parse_file(&text).unwrap().items {
                    let syn::Item::Impl(block) = item else { continue };
                    let syn::Type::Path(ty) = &*block.self_ty else { continue };
                    if ty.path.segments.last().unwrap().ident != of || block.trait_.is_some() {
                        continue;
                    }
                    found.extend(block.items.iter().filter_map(|it| match it {
                        syn::ImplItem::Fn(it) => Some(it.sig.ident.to_string()),
                        _ => None,
                    }));
                }
            }
        }
        found
    }

    #[test]
    fn the_methods_of_client_and_request_are_those_listed() {
        for (ty, listed) in [("Client", OF_CLIENT), ("Request", OF_REQUEST)] {
            let listed: BTreeSet<String> = listed.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(methods(ty), listed, "the client's methods of `{ty}`, and this file's");
        }
        assert!(is_accessor_taken("call_log") && is_option_taken("wait"));
    }

    #[test]
    fn the_methods_of_entities_are_those_listed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src/entity");
        let mut methods = BTreeSet::new();
        for (file, name) in [("mod.rs", "Entity"), ("table.rs", "Table")] {
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            for item in syn::parse_file(&text).unwrap().items {
                let syn::Item::Trait(item) = item else { continue };
                methods.extend(item.items.iter().filter(|_| item.ident == name).filter_map(|it| {
                    match it {
                        syn::TraitItem::Fn(it) => Some(it.sig.ident.to_string()),
                        _ => None,
                    }
                }));
            }
        }
        let listed = OF_ENTITIES.iter().map(|name| (*name).to_owned());
        assert_eq!(methods, listed.collect());
    }

    #[test]
    fn every_keyword_gives_way() {
        const KEYWORDS: &str = "abstract as async await become box break const continue crate do \
            dyn else enum extern false final fn for gen if impl in let loop macro match mod move \
            mut override priv pub ref return self static struct super trait true try type typeof \
            unsafe unsized use virtual where while yield";
        for word in KEYWORDS.split_whitespace() {
            assert!(!is_identifier(word), "{word}");
            for rule in [property, method, accessor, module] {
                assert_eq!(rule(word.to_owned()), format!("{word}_"));
            }
            assert_eq!(field(word.to_owned(), false), format!("{word}_"));
        }
    }

    #[test]
    fn a_name_of_ours_gives_way_by_the_rule_of_its_kind() {
        let own = |name: &str| name.to_owned();
        let rows = [
            (property(own("default")), "default_"),
            (property(own("clone")), "clone_"),
            (property(own("kept")), "kept_"),
            (property(own("unread")), "unread_"),
            (property(own("key")), "key"),
            (property(own("from")), "from"),
            (property(own("3cx")), "_3cx"),
            (method(own("fmt")), "fmt_"),
            (accessor(own("request")), "request_"),
            (accessor(own("clone")), "clone_"),
            (field(own("body"), true), "body_parameter"),
            (field(own("body"), false), "body"),
            (field(own("list"), false), "list_parameter"),
            (field(own("pbx"), false), "pbx_parameter"),
            (option(own("filter")), "filter_parameter"),
            (option(own("into")), "into_parameter"),
            (option(own("type_")), "type_"),
            (value(own("Unrecognized")), "UnrecognizedValue"),
            (value(own("Self")), "SelfValue"),
            (value(own("None")), "None"),
            (value(own("3CX")), "Value3CX"),
            (ty(own("Self")), "SelfType"),
            (ty(own("Option")), "Option"),
            (resource(own("Client")), "Client"),
            (operation(own("GetX"), &["GetX"]), "GetXOperation"),
            (operation(own("GetX"), &["X"]), "GetX"),
        ];
        for (given, expected) in rows {
            assert_eq!(given, expected);
        }
    }
}
