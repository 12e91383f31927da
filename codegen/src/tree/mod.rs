//! The tree: the client as it will be printed, with every decision made.
//!
//! [`crate::lower`] makes the tree of a named API, [`crate::emit`] prints it. The tree knows neither
//! OData nor releases: its texts are finished, and its names are Rust's.

pub use example::{Example, Printed};
pub use ty::Ty;

mod example;
mod ty;

/// Everything below `generated-client/src/generated`.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The documentation of the root module.
    pub docs: String,
    /// The path below the host where the service is.
    pub service_root: String,
    /// The path below the host where the client asks for tokens.
    pub token_path: String,
    /// The entity types, each printed in a file of its own.
    pub entities: Vec<Entity>,
    /// Other names of primitive types, and former names of entity types.
    pub aliases: Vec<Alias>,
    /// The enumerations, each in a file of its own.
    pub enumerations: Vec<Enumeration>,
    /// Former names of enumerations.
    pub former_enumerations: Vec<Alias>,
    /// The resources, each in a file of its own with its operations.
    pub resources: Vec<Resource>,
    /// The module and the struct of each operation, in the order of the list of all.
    pub index: Vec<(String, String)>,
}

/// The releases that have a fact, as far as they are bounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Releases {
    /// The first one.
    pub since: Option<Release>,
    /// The last one.
    pub until: Option<Release>,
}

/// A release, or one build of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// `[20, 0, 10]`
    pub numbers: [u16; 3],
    /// The number of the build; none for any build.
    pub build: Option<u16>,
}

/// An entity type.
#[derive(Clone, Debug)]
pub struct Entity {
    /// The struct.
    pub name: String,
    /// The module that has it.
    pub module: String,
    /// The name in the API's schema.
    pub wire: String,
    /// The name that people search it by, where the struct has another one.
    pub alias: Option<String>,
    /// The documentation.
    pub docs: String,
    /// The properties in the order of their wire names.
    pub properties: Vec<Property>,
    /// The wire names of the properties that hold secrets.
    pub secrets: Vec<String>,
    /// The wire name of the key property.
    pub key: Option<String>,
    /// The type of the key, if the operations take it as it is.
    pub keyed_by: Option<Ty>,
    /// Whether the API lets the entity have properties of any name.
    pub is_open: bool,
    /// Why the type is deprecated.
    pub deprecated: Option<String>,
}

/// A property of an entity: a field, a constant and a setter.
#[derive(Clone, Debug)]
pub struct Property {
    /// The field and the setter.
    pub name: String,
    /// The constant to build queries on.
    pub constant: String,
    /// The name on the wire.
    pub wire: String,
    /// The type of a value that is there.
    pub ty: Ty,
    /// Whether the field holds the value in a `Box`, because the type would contain itself.
    pub is_boxed: bool,
    /// What the setter takes for it.
    pub takes: Takes,
    /// The runtime's type of the constant.
    pub kind: &'static str,
    /// The releases that have the property.
    pub releases: Releases,
    /// The documentation of the field.
    pub docs: String,
    /// What we know of it beside the documents.
    pub note: Option<String>,
    /// Why the property is deprecated.
    pub deprecated: Option<String>,
}

/// Another name of a type.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: Ty,
    /// The documentation.
    pub docs: String,
    /// Why it is deprecated.
    pub deprecated: Option<String>,
}

/// An enumeration.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The enum.
    pub name: String,
    /// The module that has it.
    pub module: String,
    /// The name in the API's schema.
    pub wire: String,
    /// The documentation.
    pub docs: String,
    /// The values.
    pub values: Vec<Listed>,
    /// Why the type is deprecated.
    pub deprecated: Option<String>,
}

/// A value of an enumeration.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The enum's variant.
    pub name: String,
    /// The text on the wire.
    pub wire: String,
    /// The documentation.
    pub docs: String,
}

/// A resource: a handle with a method for each operation.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The handle's struct.
    pub name: String,
    /// The module, and the client's method that leads to the handle.
    pub module: String,
    /// The name in the API's routes.
    pub wire: String,
    /// The documentation.
    pub docs: String,
    /// The example of the handle's page.
    pub example: Option<Example>,
    /// The operations in the order of their routes.
    pub operations: Vec<Operation>,
    /// The former names of operations that are elsewhere now, or are called otherwise.
    pub moved: Vec<Moved>,
    /// Why the resource is deprecated: nothing is left but former names.
    pub deprecated: Option<String>,
}

/// A former name of an operation. It leads to the operation's struct.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The former method; none if another one has its name, or it is the present one.
    pub method: Option<Method>,
    /// The former name of the struct, if nothing else has it here.
    pub alias: Option<String>,
    /// The module that has the struct; none for the resource's own.
    pub module: Option<String>,
    /// The struct.
    pub name: String,
    /// The required values.
    pub fields: Vec<Field>,
}

/// An operation: a struct of its required values and the method that makes it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The struct.
    pub name: String,
    /// The documentation of the struct.
    pub docs: String,
    /// The method of the resource's handle.
    pub method: Method,
    /// The required values: the struct's fields.
    pub fields: Vec<Field>,
    /// Whether a field is a secret, so that `Debug` is written out.
    pub has_secrets: bool,
    /// What a call yields.
    pub output: Ty,
    /// The facts of the operation.
    pub info: Info,
    /// What writes path and body.
    pub write: Write,
    /// The traits of the query options that a variant of the operation declares.
    pub marks: Vec<Mark>,
    /// The methods of the request that set what may be left out.
    pub setters: Vec<Setter>,
}

/// The method that makes an operation.
#[derive(Clone, Debug)]
pub struct Method {
    /// The name.
    pub name: String,
    /// The documentation.
    pub docs: String,
    /// The operationIds and words that people search it by.
    pub aliases: Vec<String>,
    /// Why it is deprecated.
    pub deprecated: Option<String>,
    /// Whether it takes the operation's struct, and not one argument for each field.
    pub takes_struct: bool,
}

/// A required value of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name of field and argument.
    pub name: String,
    /// The type of the field.
    pub ty: Ty,
    /// What the argument takes for it.
    pub takes: Takes,
    /// Whether `Debug` must not show it.
    pub is_secret: bool,
    /// The documentation.
    pub docs: String,
}

/// The facts of an operation.
#[derive(Clone, Debug)]
pub struct Info {
    /// The operationId.
    pub id: String,
    /// The resource's name in the API's routes.
    pub resource: String,
    /// The runtime's word for what the operation does.
    pub kind: &'static str,
    /// The runtime's word for the HTTP method.
    pub method: &'static str,
    /// The route.
    pub route: String,
    /// Whether it returns a file.
    pub is_file: bool,
    /// The releases that have it.
    pub releases: Releases,
    /// The variants, newest first; empty where there is one alone.
    pub variants: Vec<VariantInfo>,
}

/// The facts of one variant.
#[derive(Clone, Debug)]
pub struct VariantInfo {
    /// The runtime's word for the HTTP method.
    pub method: &'static str,
    /// The route.
    pub route: String,
    /// The releases that take this variant.
    pub releases: Releases,
    /// Whether the answer is of the former type.
    pub has_former_answer: bool,
    /// The query options and headers that other variants declare and this one does not.
    pub undeclared: Vec<&'static str>,
}

/// What writes path and body.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// The same statements for all variants.
    Once(Vec<Statement>),
    /// The statements of each variant.
    ByVariant(Vec<Vec<Statement>>),
}

/// A statement that writes a piece of path or body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// One that writes a secret.
    Hidden(Box<Statement>),
    /// Text of the path.
    Text(String),
    /// The literal of a field in the path.
    Literal {
        /// The field.
        field: String,
    },
    /// The literal of a field in the path, if its value has the type that the variant takes.
    TypedLiteral {
        /// The name on the wire.
        wire: String,
        /// The field.
        field: String,
        /// The method of the field's type that gives the value.
        side: Side,
    },
    /// A literal in the path, or `''` where none was set.
    OptionalLiteral {
        /// The name under which it was set.
        key: String,
    },
    /// A literal in the path that must have been set.
    GivenLiteral {
        /// The name under which it was set.
        key: String,
        /// The method of the request that sets it.
        set_by: String,
    },
    /// The field `body` is the body.
    Body,
    /// A body without properties so far.
    EmptyBody,
    /// A field as a property of the body.
    Property {
        /// The name on the wire.
        wire: String,
        /// The field.
        field: String,
    },
    /// A field as a property of the body, if its value has the type that the variant takes.
    TypedProperty {
        /// The name on the wire.
        wire: String,
        /// The field.
        field: String,
        /// The method of the field's type that gives the value.
        side: Side,
    },
    /// A property of the body if it was set.
    OptionalProperty {
        /// The name on the wire.
        wire: String,
    },
}

/// Which of its two types a changed value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one that came later.
    Current,
    /// The one that was there first.
    Former,
}

/// A trait that an operation implements to have an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The trait.
    pub name: &'static str,
    /// The type that the option speaks of, where the trait asks for it.
    pub entity: Option<Ty>,
}

/// A method of a request that sets what may be left out.
#[derive(Clone, Debug)]
pub struct Setter {
    /// The method.
    pub name: String,
    /// The name on the wire.
    pub wire: String,
    /// The type of the value.
    pub ty: Ty,
    /// What it takes for it.
    pub takes: Takes,
    /// Where the value goes.
    pub place: Place,
    /// The documentation.
    pub docs: String,
}

/// What a method takes for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// The value.
    Value,
    /// What converts into the value.
    Into,
    /// Whatever gives the items of the list.
    Items,
    /// The same, where each item is what converts into one.
    ItemsInto,
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into the path.
    Path,
    /// Into the body.
    Body,
}

/// Everything below `tests/src/generated`.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    /// One call of each operation.
    pub calls: Vec<Call>,
    /// One call of each variant of the operations that have several.
    pub variants: Vec<Call>,
    /// The wire and Rust names of all entities.
    pub entities: Vec<(String, String)>,
    /// The wire and Rust names of the entities that hold secrets.
    pub secret_entities: Vec<(String, String)>,
    /// The operations that hold secrets.
    pub secret_operations: Vec<Secret>,
}

/// A call of an operation with sample values.
#[derive(Clone, Debug)]
pub struct Call {
    /// The operationId.
    pub id: String,
    /// The number of the variant; 0 for a call of the operation as it is.
    pub variant: usize,
    /// The function that makes the call.
    pub function: String,
    /// The client's method that leads to the resource.
    pub resource: String,
    /// The resource's method.
    pub method: String,
    /// The struct to be filled, where the method takes one.
    pub by_struct: Option<String>,
    /// The arguments, or the struct's fields.
    pub arguments: Vec<(String, Sample)>,
    /// The methods of the request that set what may be left out.
    pub setters: Vec<(String, Sample)>,
    /// The query options.
    pub options: Vec<Query>,
    /// Whether the call has a condition.
    pub is_conditional: bool,
    /// What reads the answer: a function of the tests.
    pub reader: &'static str,
}

/// A sample value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sample {
    /// Text of at most so many characters.
    Text(usize),
    /// A function of the tests' `sample`, with the type that it is to make.
    Of(&'static str, Ty),
    /// A list of one.
    List(Box<Sample>),
    /// A value that may be absent, and is there.
    Present(Box<Sample>),
    /// A value that has the type of older releases.
    Former(Box<Sample>),
    /// The text that must not be shown.
    Canary,
}

/// A query option with sample values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// A filter as raw text.
    Filter,
    /// The count of all.
    Count,
    /// A method that takes a number.
    Number(&'static str, usize),
    /// A method that takes text.
    Text(&'static str, &'static str),
    /// A method that takes properties of an entity.
    Properties {
        /// The method.
        method: &'static str,
        /// The entity.
        entity: String,
        /// Its constants.
        constants: Vec<String>,
        /// Whether each is ordered by downwards.
        is_descending: bool,
    },
}

/// An operation that holds a secret.
#[derive(Clone, Debug)]
pub struct Secret {
    /// The operationId.
    pub id: String,
    /// The module.
    pub module: String,
    /// The struct.
    pub name: String,
    /// Its fields.
    pub fields: Vec<(String, Sample)>,
}
