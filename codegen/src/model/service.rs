//! Where the service is, and how one signs in to it.

use std::collections::BTreeMap;

use openapiv3::{Components, OpenAPI, ReferenceOr, SecurityScheme};

use super::marks::RELEASES;
use crate::problem::{At, Problem};

type Read<T> = Result<T, Problem>;

/// What a document says around its paths and types.
pub(super) struct Service {
    /// The path below the host.
    pub(super) root: String,
    /// The path below the host where tokens are asked for.
    pub(super) token_path: String,
    /// The ways to sign in, without their prose.
    pub(super) security_schemes: BTreeMap<String, serde_json::Value>,
}

pub(super) fn read(document: &OpenAPI, components: &Components) -> Read<Service> {
    if let Some(key) = document.extensions.keys().find(|key| *key != RELEASES) {
        return Err(At::top(key).refused("is an extension that we don't know"));
    }
    let top = At::top("components");
    for (key, is_there) in [
        ("headers", !components.headers.is_empty()),
        ("links", !components.links.is_empty()),
        ("callbacks", !components.callbacks.is_empty()),
    ] {
        if is_there {
            return Err(top.key(key).refused(format!("has `{key}`")));
        }
    }
    if let Some(key) = components.extensions.keys().next() {
        return Err(top.key(key).refused("is an extension that we don't know"));
    }
    let (security_schemes, token_path) = schemes(components)?;
    requirements(document, &security_schemes)?;
    Ok(Service { root: root(document)?, token_path, security_schemes })
}

/// The one path that all servers have.
fn root(document: &OpenAPI) -> Read<String> {
    let at = At::top("servers");
    let mut root: Option<String> = None;
    for (index, server) in document.servers.iter().enumerate() {
        let at = at.index(index);
        let at = at.key("url");
        let path = path(&server.url, &at)?;
        match &root {
            Some(other) if *other != path => {
                return Err(at.refused(format!("leads to `{path}`, another server to `{other}`")));
            }
            _ => root = Some(path),
        }
    }
    root.ok_or_else(|| at.problem("no server is here; name one, with the path of the service"))
}

/// The path of a URL. Which host it is on, the caller of the client says.
fn path(url: &str, at: &At<'_>) -> Read<String> {
    let path = match url.split_once("://") {
        None => url,
        Some((_, rest)) => rest.find('/').map_or("", |start| &rest[start..]),
    };
    let path = path.trim_end_matches('/');
    let is_plain = |segment: &str| {
        let plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it);
        !segment.is_empty() && segment.bytes().all(plain) && !matches!(segment, "." | "..")
    };
    match path.strip_prefix('/') {
        Some(segments) if segments.split('/').all(is_plain) => Ok(path.to_owned()),
        _ => Err(at.problem(format!("`{url}` has no plain path below the host, such as /xapi/v1"))),
    }
}

/// The ways to sign in, and the one path where all of them ask for tokens.
fn schemes(components: &Components) -> Read<(BTreeMap<String, serde_json::Value>, String)> {
    let (mut schemes, mut token_path) = (BTreeMap::new(), None);
    let at = At::top("components");
    let at = at.key("securitySchemes");
    for (name, scheme) in &components.security_schemes {
        let at = at.key(name);
        match scheme {
            ReferenceOr::Item(SecurityScheme::OAuth2 { .. }) => {}
            ReferenceOr::Item(SecurityScheme::HTTP { scheme, .. }) if scheme == "bearer" => {}
            _ => return Err(at.refused("is another way to sign in than OAuth2 or a bearer token")),
        }
        let mut value =
            serde_json::to_value(scheme).map_err(|error| at.problem(error.to_string()))?;
        without_prose(&mut value);
        let (flows_at, none) = (at.key("flows"), serde_json::Map::new());
        let flows = value.get("flows").and_then(serde_json::Value::as_object).unwrap_or(&none);
        for (flow, it) in flows {
            let at = flows_at.key(flow);
            let at = at.key("tokenUrl");
            let Some(url) = it.get("tokenUrl").and_then(serde_json::Value::as_str) else {
                continue;
            };
            let path = path(url, &at)?;
            match &token_path {
                Some(other) if *other != path => {
                    return Err(at.refused(format!("asks for tokens at `{path}` and at `{other}`")));
                }
                _ => token_path = Some(path),
            }
        }
        schemes.insert(name.clone(), value);
    }
    match token_path {
        Some(path) => Ok((schemes, path)),
        None => Err(
            at.problem("no OAuth2 flow has a `tokenUrl`; name one, because clients sign in there")
        ),
    }
}

/// Each call carries a token, so the document requires one for all of them.
fn requirements(document: &OpenAPI, schemes: &BTreeMap<String, serde_json::Value>) -> Read<()> {
    let at = At::top("security");
    let required = document.security.as_deref().unwrap_or_default();
    if required.iter().all(|it| it.is_empty()) {
        return Err(
            at.problem("no call requires a sign-in here; name a scheme of `securitySchemes`")
        );
    }
    match required.iter().flat_map(|it| it.keys()).find(|name| !schemes.contains_key(*name)) {
        Some(name) => {
            Err(at
                .problem(format!("`{name}` is not among `components/securitySchemes`; define it")))
        }
        None => Ok(()),
    }
}

/// A security scheme without descriptions; the scopes stay, sorted, and their prose goes.
fn without_prose(scheme: &mut serde_json::Value) {
    let serde_json::Value::Object(map) = scheme else { return };
    map.shift_remove("description");
    for (key, value) in map {
        if key == "scopes" {
            let Some(scopes) = value.as_object_mut() else { continue };
            scopes.sort_keys();
            for prose in scopes.values_mut() {
                *prose = serde_json::Value::String(String::new());
            }
        } else {
            without_prose(value);
        }
    }
}
