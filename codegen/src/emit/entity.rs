//! Entities: a struct, its property constants, its setters, and its rows for the shared serde code.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::pieces::{
    alias, argument, bounds, converted, deprecated, doc, ident, inline, item, searched, ty,
};
use crate::tree::{Client, Entity, Property, Takes, Ty};

/// The private field of an entity, for what it keeps. The compiler shows its name to whoever writes a struct
/// literal, and with `#[non_exhaustive]` it would not.
const KEPT: &str = "start_from_default_and_use_setters";

pub(super) fn index(tree: &Client) -> TokenStream {
    let modules: Vec<_> = tree.entities.iter().map(|it| ident(&it.module)).collect();
    let names = tree.entities.iter().map(|it| ident(&it.name));
    let aliases = tree.aliases.iter().map(|it| alias(it, |ty| matches!(ty, Ty::Entity(_))));
    let secrets = tree
        .entities
        .iter()
        .flat_map(|entity| entity.secrets.iter().map(move |property| (&entity.wire, property)));
    let secrets = secrets.map(|(entity, property)| quote!((#entity, #property)));
    quote! {
        //! The entities and complex types of the API.
        //!
        //! Every property is optional, because the PBX leaves nulls out. The client does not send a
        //! property that is `None`, and keeps a property that it does not know: see
        //! [`entity`](crate::entity).
        //!
        //! An entity begins with its default, and setters fill it:
        //! `User::default().number("101").first_name("Ada")`. If a value may be there or not,
        //! [`maybe`](crate::Entity::maybe) calls the setter: `.maybe(User::mobile, mobile)`. A setter of a list
        //! takes whatever gives its items: an array, a `Vec` or an iterator.

        #(mod #modules;)*
        #(pub use #modules::#names;)*
        #(#aliases)*

        /// The properties that hold secrets, as entity and property: `Debug` does not show them.
        pub const SECRETS: &[(&str, &str)] = &[#(#secrets),*];
    }
}

pub(super) fn file(entity: &Entity) -> TokenStream {
    // What stands in a macro keeps its name, so it has no mark.
    let (name, in_macro) = (item(&entity.name), ident(&entity.name));
    let structure = structure(entity);
    let constants = entity.properties.iter().map(constant);
    let setters = entity.properties.iter().map(setter);
    let own = (!entity.properties.is_empty()).then(|| {
        quote! {
            /// The properties, to build queries on.
            impl #name { #(#constants)* }

            impl #name { #(#setters)* }
        }
    });
    let table = table(entity);
    let keyed = entity.keyed_by.iter().map(|key| {
        let key = ty(key);
        quote!(impl Keyed for #name { type Key = #key; })
    });
    quote! {
        #structure
        #own
        #table
        #(#keyed)*
        entity_serde!(#in_macro);
    }
}

fn structure(entity: &Entity) -> TokenStream {
    let (name, docs) = (item(&entity.name), doc(&entity.docs));
    let searched = searched(&entity.name, &entity.alias);
    let fields = entity.properties.iter().map(|property| {
        let (docs, name, ty) = (doc(&property.docs), ident(&property.name), ty(&property.ty));
        let ty = if property.is_boxed { quote!(Box<#ty>) } else { ty };
        let deprecated = deprecated(property.deprecated.as_deref());
        quote!(#docs #deprecated pub #name: Option<#ty>,)
    });
    let (deprecated, kept) = (deprecated(entity.deprecated.as_deref()), ident(KEPT));
    quote! {
        #docs
        #searched
        #deprecated
        #[derive(Clone, Default)]
        pub struct #name {
            #(#fields)*
            #kept: Kept,
        }
    }
}

fn constant(property: &Property) -> TokenStream {
    let (name, kind, wire) = (ident(&property.constant), ident(property.kind), &property.wire);
    let (docs, ty, bounds) =
        (doc(&format!("`{wire}`")), ty(&property.ty), bounds(property.releases));
    let deprecated = deprecated(property.deprecated.as_deref());
    quote! {
        #docs
        #deprecated
        pub const #name: #kind<Self, #ty> = #kind::new(#wire) #bounds;
    }
}

fn setter(property: &Property) -> TokenStream {
    let note = property.note.iter().map(|note| format!("\n\n{note}"));
    let docs = doc(&format!("Sets `{}`.{}", property.wire, note.collect::<String>()));
    let name = ident(&property.name);
    let argument = argument(&property.ty, property.takes);
    let value = converted(&ident("value"), property.takes);
    let value = if property.is_boxed { quote!(Box::new(#value)) } else { value };
    let deprecated = deprecated(property.deprecated.as_deref());
    // The compiler sees by itself that the setter of a number or a truth value is small.
    let inline = match property.ty {
        Ty::Primitive(_) => None,
        _ => inline(property.takes != Takes::Value),
    };
    quote! {
        #docs
        #deprecated
        #inline
        pub fn #name(mut self, value: #argument) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

/// What the runtime's shared code reads and writes an entity by.
fn table(entity: &Entity) -> TokenStream {
    let Entity { wire, secrets, is_open, .. } = entity;
    let name = item(&entity.name);
    let properties = entity.properties.iter().map(|property| &property.wire);
    let key = entity.key.as_ref().map(|key| quote!(.with_key(#key)));
    let secrets = (!secrets.is_empty()).then(|| quote!(.with_secrets(&[#(#secrets),*])));
    let open = is_open.then(|| quote!(.open()));
    let visits = entity.properties.iter().map(|property| {
        let (field, wire) = (ident(&property.name), &property.wire);
        quote!(out.property(#wire, &self.#field);)
    });
    let (read, kept) = (read(entity), ident(KEPT));
    quote! {
        impl Table for #name {
            const INFO: &'static EntityInfo =
                &EntityInfo::new(#wire, &[#(#properties),*]) #key #secrets #open;

            #[inline]
            fn kept(&mut self) -> &mut Kept {
                &mut self.#kept
            }

            #read

            fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P) {
                out.kept(&self.#kept);
                #(#visits)*
            }
        }
    }
}

/// The method that has one property read.
fn read(entity: &Entity) -> TokenStream {
    let reads = entity.properties.iter().map(|property| {
        let field = ident(&property.name);
        match property.ty {
            Ty::Std("Vec", _) => quote!(reader.list(&mut self.#field)),
            _ => quote!(reader.property(&mut self.#field)),
        }
    });
    let reads: Vec<_> = reads.collect();
    let (index, reader, body) = match &reads[..] {
        [] => (ident("_index"), ident("_reader"), quote!()),
        // A `match` with one arm would be against clippy.
        [read] => (ident("index"), ident("reader"), quote!(if index == 0 { #read; })),
        _ => {
            let indices = (0..reads.len()).map(Literal::usize_unsuffixed);
            let body = quote!(match index { #(#indices => #reads,)* _ => {} });
            (ident("index"), ident("reader"), body)
        }
    };
    quote! {
        fn read<'de, R: PropertyReader<'de>>(&mut self, #index: usize, #reader: &mut R) {
            #body
        }
    }
}
