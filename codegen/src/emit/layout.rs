//! Blank lines: between items, and between the methods of an `impl`. prettyplease prints an empty
//! verbatim item as one.

use proc_macro2::TokenStream;
use syn::{ImplItem, Item};

use super::order::kind;

/// Sets the items of a file apart, and those of its `impl` blocks.
pub(super) fn separate(file: &mut syn::File) {
    let has_docs = !file.attrs.is_empty();
    let mut before: Option<Option<&'static str>> = has_docs.then_some(None);
    let mut items = Vec::with_capacity(file.items.len() * 2);
    for mut item in std::mem::take(&mut file.items) {
        let kind = kind(&item);
        // Imports stand together, and so do modules.
        if before.is_some_and(|before| before.is_none() || before != kind) {
            items.push(Item::Verbatim(TokenStream::new()));
        }
        before = Some(kind);
        if let Item::Impl(block) = &mut item {
            block.items = separated(std::mem::take(&mut block.items));
        }
        items.push(item);
    }
    file.items = items;
}

/// Constants and types stand together; every method stands alone.
fn separated(block: Vec<ImplItem>) -> Vec<ImplItem> {
    let mut items = Vec::with_capacity(block.len() * 2);
    for item in block {
        if matches!(item, ImplItem::Fn(_)) && !items.is_empty() {
            items.push(ImplItem::Verbatim(TokenStream::new()));
        }
        items.push(item);
    }
    items
}
