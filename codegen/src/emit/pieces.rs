//! What the printers share: types, bounds, identifiers and doc comments.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::prelude;
use crate::tree::{Alias, Release, Releases, Takes, Ty};

/// A type with its full path.
pub(super) fn ty(ty: &Ty) -> TokenStream {
    written(ty, By::Client)
}

/// A type as a user of the client writes it.
pub(super) fn public_ty(ty: &Ty) -> TokenStream {
    written(ty, By::User)
}

/// Whose code a type stands in.
#[derive(Clone, Copy)]
enum By {
    Client,
    User,
}

fn written(ty: &Ty, by: By) -> TokenStream {
    let of = |path: TokenStream, arguments: &[Ty]| {
        if arguments.is_empty() {
            return path;
        }
        let arguments = arguments.iter().map(|it| written(it, by));
        quote!(#path<#(#arguments),*>)
    };
    let generated = match by {
        By::Client => quote!(crate::generated),
        By::User => quote!(threecx_xapi),
    };
    match ty {
        Ty::Unit => quote!(()),
        Ty::Primitive(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Ty::Std(name, arguments) => of(prelude::path(name), arguments),
        Ty::Runtime(name, arguments) => {
            let module = match (by, *name) {
                (By::Client, _) => quote!(crate::support),
                (By::User, "Flags") => quote!(threecx_xapi::enumeration),
                (By::User, "Retyped") => quote!(threecx_xapi::answer),
                (By::User, _) => quote!(threecx_xapi::edm),
            };
            let name = ident(name);
            of(quote!(#module::#name), arguments)
        }
        Ty::Entity(name) => {
            let name = ident(name);
            quote!(#generated::entities::#name)
        }
        Ty::Enumeration(name) => {
            let name = ident(name);
            quote!(#generated::enums::#name)
        }
    }
}

/// Another name of a type, in a module that has these types itself.
pub(super) fn alias(alias: &Alias, is_here: fn(&Ty) -> bool) -> TokenStream {
    let (docs, name) = (doc(&alias.docs), ident(&alias.name));
    let of = match &alias.ty {
        Ty::Entity(name) | Ty::Enumeration(name) if is_here(&alias.ty) => {
            let name = ident(name);
            quote!(#name)
        }
        other => ty(other),
    };
    let deprecated = deprecated(alias.deprecated.as_deref());
    quote!(#docs #deprecated pub type #name = #of;)
}

/// The type of an argument for a value.
pub(super) fn argument(ty: &Ty, takes: Takes) -> TokenStream {
    match (takes, ty) {
        (Takes::Items, Ty::Std(_, of)) => {
            let of = of.iter().map(self::ty);
            quote!(impl ::std::iter::IntoIterator<#(Item = #of),*>)
        }
        (Takes::ItemsInto, Ty::Std(_, of)) => {
            let of = of.iter().map(self::ty);
            quote!(impl ::std::iter::IntoIterator<#(Item: ::std::convert::Into<#of>),*>)
        }
        (Takes::Into, _) => {
            let ty = self::ty(ty);
            quote!(impl ::std::convert::Into<#ty>)
        }
        _ => self::ty(ty),
    }
}

/// Has a method compiled where it is used, as generic ones are: of hundreds a program calls a few.
pub(super) fn inline(is_generic: bool) -> Option<TokenStream> {
    (!is_generic).then(|| quote!(#[inline]))
}

/// The value that such an argument becomes.
pub(super) fn converted(argument: &Ident, takes: Takes) -> TokenStream {
    match takes {
        Takes::Value => quote!(#argument),
        Takes::Into => quote!(#argument.into()),
        Takes::Items | Takes::ItemsInto => quote!(crate::support::list(#argument)),
    }
}

/// The bounds of a fact, as methods that narrow what they follow.
pub(super) fn bounds(releases: Releases) -> TokenStream {
    let release = |release: Release| {
        let numbers = release.numbers.map(Literal::u16_unsuffixed);
        let build = release.build.map(Literal::u16_unsuffixed);
        let build = build.map(|build| quote!(.with_build(#build)));
        quote!(crate::support::Release::new(#(#numbers),*) #build)
    };
    let since = releases.since.map(release).map(|since| quote!(.since(#since)));
    let until = releases.until.map(release).map(|until| quote!(.until(#until)));
    quote!(#since #until)
}

pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The attribute of what is deprecated, with the reason.
pub(super) fn deprecated(note: Option<&str>) -> Option<TokenStream> {
    note.map(|note| quote!(#[deprecated(note = #note)]))
}

/// A doc comment; a line of its own for each.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#[doc = #lines])*)
}

/// The doc comment of a module.
pub(super) fn module_docs(text: &str) -> TokenStream {
    let lines = lines(text);
    quote!(#(#![doc = #lines])*)
}

fn lines(text: &str) -> impl Iterator<Item = Literal> {
    text.lines().map(|line| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        // Raw, unless the line has a quote: escapes cost time for each character of all documentation.
        format!("r\"{line}\"").parse().unwrap_or_else(|_| Literal::string(&line))
    })
}

/// The other names by which people search for an item. The compiler refuses some: the item's own name, no
/// name, quotes, white space that is no space, and a space at either end.
pub(super) fn searched<'a>(
    item: &Ident,
    aliases: impl IntoIterator<Item = &'a String>,
) -> TokenStream {
    let is_odd = |c: char| matches!(c, '"' | '\'') || (c.is_whitespace() && c != ' ');
    let fits = |it: &&String| {
        item != it.as_str() && !it.is_empty() && it.trim() == *it && !it.contains(is_odd)
    };
    let aliases = aliases.into_iter().filter(fits);
    quote!(#(#[doc(alias = #aliases)])*)
}
