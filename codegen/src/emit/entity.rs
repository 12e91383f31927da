//! Entities: a struct, its property constants, its setters, and its rows for the shared serde code.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, Own, converts, doc, docs, forms, ident, imports};
use crate::model::{Entity, History, Property, Type};

pub(super) fn index(context: &Context<'_>) -> TokenStream {
    let entities = context.api.entities.keys().map(|wire| context.names.ty(wire));
    let (modules, idents): (Vec<_>, Vec<_>) =
        entities.map(|name| (ident(&name.module), ident(&name.ident))).unzip();
    let aliases = context.api.aliases.iter().map(|(wire, ty)| {
        let (name, rust, edm) = (context.type_ident(wire), context.rust(ty), ty.edm());
        let text = doc(&format!("`{wire}`: `{edm}`."));
        quote!(#text pub type #name = #rust;)
    });
    let secrets = context.api.entities.values().flat_map(|entity| {
        let name = &entity.name;
        secrets(context, entity).into_iter().map(move |property| quote!((#name, #property)))
    });
    quote! {
        //! Entity and complex types, each in a module of its own.
        //!
        //! All properties are optional: the PBX leaves nulls out. A property that is `None` is not
        //! sent, and one that this crate does not know is skipped when reading.

        #(mod #modules;)*
        #(pub use #modules::#idents;)*
        #(#aliases)*

        /// The properties that hold secrets, as entity and property: `Debug` does not show them.
        pub const SECRETS: &[(&str, &str)] = &[#(#secrets),*];
    }
}

/// The wire names of an entity's secrets.
fn secrets<'e>(context: &Context<'_>, entity: &'e Entity) -> Vec<&'e str> {
    let names = entity.properties.keys().map(String::as_str);
    names.filter(|name| context.secrets.contains(&entity.name, name)).collect()
}

pub(super) fn file(context: &Context<'_>, entity: &Entity) -> TokenStream {
    let name = context.type_ident(&entity.name);
    let wire_name = &entity.name;
    let properties: Vec<&History<Property>> = entity.properties.values().collect();
    let types: Vec<Type> = properties.iter().map(|property| property.ty()).collect();
    let imports = imports(&types, Own::Entities, false);
    let siblings = properties.iter().any(|it| matches!(it.ty.element(), Type::Entity(_)));
    let entities = siblings.then(|| {
        quote!(
            use crate::generated::entities;
        )
    });
    let constants = constants(context, entity);
    let fields = properties.iter().map(|property| field(context, entity, property));
    let setters = properties.iter().map(|property| setter(context, entity, property));
    let keys = properties.iter().map(|property| &property.name);
    let reads = properties.iter().enumerate().map(|(index, property)| {
        let field = ident(context.names.member(&entity.name, &property.name));
        let index = Literal::usize_unsuffixed(index);
        quote!(#index => read_property(map, &mut self.#field),)
    });
    let visits = properties.iter().map(|property| {
        let (field, wire) =
            (ident(context.names.member(&entity.name, &property.name)), &property.name);
        quote!(out.property(#wire, &self.#field);)
    });
    let (open_field, open_read) = open(entity);
    let open_visit = entity.open.then(|| quote!(self.additional_properties.visit(out);));
    let secrets = secrets(context, entity);
    let secret_mark = (!secrets.is_empty())
        .then(|| quote!(const SECRETS: &'static [&'static str] = &[#(#secrets),*];));
    let open_mark = entity.open.then(|| {
        quote!(
            const OPEN: bool = true;
        )
    });
    let open_import = entity.open.then(|| {
        quote!(
            use crate::additional::AdditionalProperties;
        )
    });
    let about = doc(&docs::entity(context, entity));
    let alias = (context.names.ty(&entity.name).ident != local(&entity.name)).then(|| {
        let local = local(&entity.name);
        quote!(#[doc(alias = #local)])
    });
    let property_import = property_import(context, entity);
    let is_bounded = |property: &&History<Property>| {
        forms::bounds(context, property.seen).iter().any(Option::is_some)
    };
    let release_import = properties.iter().any(is_bounded).then(|| {
        quote!(
            use crate::release::Release;
        )
    });
    let read_property = (!properties.is_empty()).then(|| quote!(read_property,));
    let own_impl = (!properties.is_empty()).then(|| {
        quote! {
            /// The properties, to build queries on.
            impl #name { #constants }

            impl #name { #(#setters)* }
        }
    });
    let read = if properties.is_empty() {
        quote!(skip(map))
    } else {
        quote! {
            match index {
                #(#reads)*
                _ => skip(map),
            }
        }
    };
    let unused_index = if properties.is_empty() { quote!(_index) } else { quote!(index) };
    let idle = properties.is_empty() && !entity.open;
    let out = if idle { quote!(_out) } else { quote!(out) };
    quote! {
        use serde::de::MapAccess;

        #open_import
        use crate::entity::{Entity, Properties, entity_serde, #read_property skip};
        #imports
        #entities
        #property_import
        #release_import

        #about
        #alias
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #open_field
        }

        #own_impl

        impl Entity for #name {
            const NAME: &'static str = #wire_name;
            const KEYS: &'static [&'static str] = &[#(#keys),*];
            #secret_mark
            #open_mark

            fn read<'de, A: MapAccess<'de>>(&mut self, #unused_index: usize, map: &mut A) -> Result<(), A::Error> {
                #read
            }

            #open_read

            fn visit<P: Properties>(&self, #out: &mut P) {
                #(#visits)*
                #open_visit
            }
        }

        entity_serde!(#name);
    }
}

fn local(wire: &str) -> &str {
    wire.rsplit('.').next().unwrap_or(wire)
}

fn field(context: &Context<'_>, entity: &Entity, property: &History<Property>) -> TokenStream {
    let name = ident(context.names.member(&entity.name, &property.name));
    let rust = value_type(context, entity, property);
    let about = doc(&docs::member(context, entity, property));
    quote!(#about pub #name: Option<#rust>,)
}

fn is_boxed(context: &Context<'_>, entity: &Entity, property: &Property) -> bool {
    context.boxed.contains(&(entity.name.clone(), property.name.clone()))
}

fn value_type(context: &Context<'_>, entity: &Entity, property: &History<Property>) -> TokenStream {
    let rust = context.rust(&property.ty());
    if is_boxed(context, entity, property) { quote!(Box<#rust>) } else { rust }
}

fn constants(context: &Context<'_>, entity: &Entity) -> TokenStream {
    let constants = entity.properties.values().map(|property| {
        let name = ident(&context.names.constant(&entity.name, &property.name));
        let (rust, wire) = (context.rust(&property.ty()), &property.name);
        let about = doc(&format!("`{wire}`"));
        let kind = ident(if property.navigation { "Navigation" } else { "Property" });
        let kind = if qualifies(context, entity) { quote!(property::#kind) } else { quote!(#kind) };
        let [since, until] = forms::bounds(context, property.seen);
        let since = since.map(|since| quote!(.since(#since)));
        let until = until.map(|until| quote!(.until(#until)));
        quote!(#about pub const #name: #kind<Self, #rust> = #kind::new(#wire) #since #until;)
    });
    quote!(#(#constants)*)
}

/// Whether the types of the constants need their module's name: an entity of the API has theirs.
fn qualifies(context: &Context<'_>, entity: &Entity) -> bool {
    matches!(context.names.ty(&entity.name).ident.as_str(), "Property" | "Navigation")
}

fn property_import(context: &Context<'_>, entity: &Entity) -> TokenStream {
    let any = |navigation| entity.properties.values().any(|it| it.navigation == navigation);
    match (any(false), any(true)) {
        (false, false) => quote!(),
        _ if qualifies(context, entity) => quote!(
            use crate::property;
        ),
        (true, true) => quote!(
            use crate::property::{Navigation, Property};
        ),
        (true, false) => quote!(
            use crate::property::Property;
        ),
        (false, true) => quote!(
            use crate::property::Navigation;
        ),
    }
}

fn setter(context: &Context<'_>, entity: &Entity, property: &History<Property>) -> TokenStream {
    let name = ident(context.names.member(&entity.name, &property.name));
    let argument = context.argument(&property.ty());
    let value = match (converts(&property.ty()), is_boxed(context, entity, property)) {
        (true, _) => quote!(value.into()),
        (false, true) => quote!(Box::new(value)),
        (false, false) => quote!(value),
    };
    let about = doc(&format!("Sets `{}`.", property.name));
    quote! {
        #about
        pub fn #name(mut self, value: #argument) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

/// The parts of an open type: properties that the document does not name.
fn open(entity: &Entity) -> (TokenStream, TokenStream) {
    if !entity.open {
        return Default::default();
    }
    (
        quote! {
            /// Properties that the API does not name.
            pub additional_properties: AdditionalProperties,
        },
        quote! {
            fn read_other<'de, A: MapAccess<'de>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
                self.additional_properties.read(key, map)
            }
        },
    )
}
