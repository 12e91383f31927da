//! What the printers share: types, bounds, identifiers and doc comments.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

use super::known;
use crate::tree::{Alias, Release, Releases, Takes, Ty};

/// A type in a file of the client or of its tests.
pub(super) fn ty(ty: &Ty) -> TokenStream {
    written(ty, |name| ident(name).into_token_stream())
}

/// A type as a user of the client writes it, with its full path.
pub(super) fn public_ty(ty: &Ty) -> TokenStream {
    written(ty, known::public_path)
}

/// A type whose names from elsewhere are printed by `from`.
fn written(ty: &Ty, from: fn(&str) -> TokenStream) -> TokenStream {
    let inner = |module: &str, name: &str| {
        let (module, name) = (from(module), ident(name));
        quote!(#module::#name)
    };
    match ty {
        Ty::Unit => quote!(()),
        Ty::Primitive(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Ty::Std(name, arguments) | Ty::Runtime(name, arguments) => {
            let name = from(name);
            if arguments.is_empty() {
                return name;
            }
            let arguments = arguments.iter().map(|it| written(it, from));
            quote!(#name<#(#arguments),*>)
        }
        Ty::Entity(name) => inner("entities", name),
        Ty::Enumeration(name) => inner("enums", name),
    }
}

/// Another name of a type, in a module that has these types itself.
pub(super) fn alias(alias: &Alias, is_here: fn(&Ty) -> bool) -> TokenStream {
    let (docs, name) = (doc(&alias.docs), item(&alias.name));
    let of = match &alias.ty {
        Ty::Entity(name) | Ty::Enumeration(name) if is_here(&alias.ty) => {
            let name = item(name);
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
            quote!(impl IntoIterator<#(Item = #of),*>)
        }
        (Takes::ItemsInto, Ty::Std(_, of)) => {
            let of = of.iter().map(self::ty);
            quote!(impl IntoIterator<#(Item: Into<#of>),*>)
        }
        (Takes::Into, _) => {
            let ty = self::ty(ty);
            quote!(impl Into<#ty>)
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
        Takes::Items | Takes::ItemsInto => quote!(list(#argument)),
    }
}

/// The bounds of a fact, as methods that narrow what they follow.
pub(super) fn bounds(releases: Releases) -> TokenStream {
    let release = |release: Release| {
        let numbers = release.numbers.map(Literal::u16_unsuffixed);
        let build = release.build.map(Literal::u16_unsuffixed);
        let build = build.map(|build| quote!(.with_build(#build)));
        quote!(Release::new(#(#numbers),*) #build)
    };
    let since = releases.since.map(release).map(|since| quote!(.since(#since)));
    let until = releases.until.map(release).map(|until| quote!(.until(#until)));
    quote!(#since #until)
}

pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// An item of the file that it stands in. If the file may have the name from elsewhere too, the item is marked
/// for [`imports`](super::imports).
pub(super) fn item(name: &str) -> Ident {
    if known::is_known(name) { Ident::new_raw(name, Span::call_site()) } else { ident(name) }
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
    item: &str,
    aliases: impl IntoIterator<Item = &'a String>,
) -> TokenStream {
    let is_odd = |c: char| matches!(c, '"' | '\'') || (c.is_whitespace() && c != ' ');
    let fits =
        |it: &&String| item != *it && !it.is_empty() && it.trim() == *it && !it.contains(is_odd);
    let aliases = aliases.into_iter().filter(fits);
    quote!(#(#[doc(alias = #aliases)])*)
}
