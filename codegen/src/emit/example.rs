//! The example on a resource's page, as text of its documentation.

use proc_macro2::TokenStream;
use quote::quote;

use super::pieces::{ident, public_ty};
use crate::tree::{Example, Printed};

/// The block of code. What the call is given are arguments of a hidden function, so that every example
/// compiles and shows the call alone.
pub(super) fn block(example: &Example) -> syn::Result<String> {
    let function = prettyplease::unparse(&syn::parse2(function(example))?);
    let mut text = "\n\n# Example\n```no_run\n".to_owned();
    let mut is_shown = false;
    for line in function.lines() {
        // Its statements are indented; the last one only returns.
        let statement = line.strip_prefix("    ").filter(|it| is_shown && *it != "Ok(())");
        match statement {
            Some(statement) => text += &format!("{statement}\n"),
            None => text += &format!("# {}\n", line.trim_start()),
        }
        is_shown |= line.ends_with('{');
    }
    Ok(text + "```")
}

fn function(example: &Example) -> TokenStream {
    let (resource, method) = (ident(&example.resource), ident(&example.method));
    let parameters = example.arguments.iter().map(|(name, of)| {
        let (name, of) = (ident(name), public_ty(of));
        quote!(, #name: #of)
    });
    let names = example.arguments.iter().map(|(name, _)| ident(name));
    let (import, arguments) = match &example.by_struct {
        Some(name) => {
            let name = ident(name);
            let import = quote!(use threecx_xapi::resources::#resource::#name;);
            (import, quote!(#name { #(#names),* }))
        }
        None => (TokenStream::new(), quote!(#(#names),*)),
    };
    let top = example.has_top.then(|| quote!(.top(10)));
    let call = quote!(pbx.#resource().#method(#arguments) #top .await?);
    let call = match example.printed {
        Printed::Nothing => quote!(#call;),
        Printed::Whole => quote!(let answer = #call; println!("{answer:?}");),
        Printed::Rows => quote! {
            let page = #call;
            for row in &page {
                println!("{row:?}");
            }
        },
    };
    quote! {
        async fn run(pbx: threecx_xapi::Client #(#parameters)*) -> threecx_xapi::Result<()> {
            #import
            #call
            Ok(())
        }
    }
}
