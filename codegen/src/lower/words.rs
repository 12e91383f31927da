//! The words for types and releases, of which the documentation makes its sentences.

use super::context::Context;
use crate::model::{Bounds, Seen, Type};

/// One value of a type, with its article: `an Edm.Int32`.
pub(super) fn one(context: &Context<'_>, ty: &Type) -> String {
    let link = link(context, ty);
    let word = link.trim_start_matches(['[', '`']);
    // `User` begins with a consonant's sound, `Update` with a vowel's.
    let is_vowel = word.starts_with(['A', 'E', 'I', 'O', 'U']) && !word.starts_with("Us");
    format!("{} {link}", if is_vowel { "an" } else { "a" })
}

/// A link to a type's page, or the Edm name of a primitive.
pub(super) fn link(context: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::Enumeration(name) | Type::Flags(name) => {
            let ident = &context.names.ty(name).ident;
            format!("[`{ident}`](crate::enums::{ident})")
        }
        Type::Entity(name) => {
            let ident = &context.names.ty(name).ident;
            format!("[`{ident}`](crate::entities::{ident})")
        }
        Type::Collection(of) => format!("list of {}", link(context, of)),
        Type::Nullable(of) => format!("{} or null", link(context, of)),
        Type::Changed(current, former) => {
            format!("{} or {}", link(context, current), link(context, former))
        }
        primitive => format!("`{}`", primitive.edm()),
    }
}

/// From when to when a fact holds: `since 20.0.8`; none if it does as long as what it belongs to.
pub(super) fn when(context: &Context<'_>, seen: Seen, within: Seen) -> Option<String> {
    let Bounds { since, until, absent } = Bounds::of(&context.api.documents, seen, within);
    let mut text = match (since, until) {
        (None, None) => String::new(),
        (Some(since), None) => format!("since {since}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(since), Some(until)) if since == until => format!("only in {since}"),
        (Some(since), Some(until)) => format!("from {since} to {until}"),
    };
    if !absent.is_empty() {
        text += if text.is_empty() { "" } else { ", " };
        text += &format!("not in {}", absent.join(", "));
    }
    (!text.is_empty()).then_some(text)
}

pub(super) fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(text.len().min(1));
    first.to_ascii_uppercase() + rest
}
