//! How an error reads: what happened, and what a person can do next.

use std::fmt::{self, Write};

use reqwest::StatusCode;

use super::Error;
use super::kind::{Kind, Network};
use super::refusal::{ErrorDetail, MESSAGE, Refusal, bounded};
use crate::plain::Plain;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let text = &mut String::new();
        if let Some(info) = &inner.operation {
            write!(text, "{} ({} {})", info.id, info.method, info.route)?;
            text.push_str(if inner.sign_in { ": sign-in failed: " } else { ": " });
        } else if inner.sign_in {
            text.push_str("sign-in failed: ");
        }
        what(self, text)?;
        if inner.attempts > 1 {
            go_on(text, " ");
            write!(text, "(after {} attempts)", inner.attempts)?;
        }
        let absence = self.refusal().and_then(|refusal| refusal.absence.as_deref());
        let next = absence.unwrap_or_else(|| hint(self));
        if !next.is_empty() {
            go_on(text, ". ");
            text.push_str(next);
        }
        // Whatever part of it comes from outside.
        Plain(f).write_str(text)
    }
}

/// Puts a mark between a text and what follows, in place of the punctuation that the text ends with: much of
/// it is foreign, and may end with a full stop or without.
fn go_on(text: &mut String, mark: &str) {
    let open: &[char] =
        if mark == ". " { &['.', ',', ';', ':', ' '] } else { &['.', ',', ';', ' '] };
    text.truncate(text.trim_end_matches(open).len());
    if !text.is_empty() {
        text.push_str(if text.ends_with([':', '?', '!', '…']) { " " } else { mark });
    }
}

fn what(error: &Error, f: &mut String) -> fmt::Result {
    fn host(network: &Network) -> &str {
        network.host.as_deref().unwrap_or("the PBX")
    }
    let message = &in_one_line(&error.0.message);
    match &error.0.kind {
        Kind::Connect(network) => write!(f, "cannot reach {}: {message}", host(network)),
        Kind::Tls(network) => write!(f, "no secure connection to {}: {message}", host(network)),
        Kind::Timeout(network) => {
            write!(f, "{} did not answer in time: {message}", host(network))
        }
        Kind::Interrupted(network) => {
            write!(f, "the connection to {} broke: {message}", host(network))
        }
        Kind::Configuration | Kind::Unwritable | Kind::TooLarge | Kind::Nothing | Kind::Local => {
            f.write_str(message)
        }
        Kind::Input { .. } => write!(f, "the JSON text is not as declared: {message}"),
        Kind::Credentials { code, .. } => f.write_str(&about(code, message)),
        Kind::Decode { .. } => write!(f, "the answer is not as declared: {message}"),
        Kind::Refused(refusal) => refused(refusal, message, f),
    }
}

fn refused(refusal: &Refusal, message: &str, f: &mut String) -> fmt::Result {
    let status = refusal.status;
    write!(f, "{status}")?;
    if let Some(reason) =
        StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason())
    {
        write!(f, " {reason}")?;
    }
    let mut said = String::new();
    if !refusal.target.is_empty() && !message.contains(&refusal.target) {
        said.push_str(&about(&refusal.target, ""));
    }
    said.push_str(if message.is_empty() { &refusal.excerpt } else { message });
    for detail in &refusal.details {
        let ErrorDetail { target, message, .. } = detail;
        let message = &in_one_line(message);
        let is_new =
            if target.is_empty() { !said.contains(message) } else { !said.contains(target) };
        if is_new {
            go_on(&mut said, "; ");
            said.push_str(&about(target, message));
        }
    }
    if !said.is_empty() {
        write!(f, ": {}", bounded(&said, MESSAGE))?;
    }
    if let Some(wait) = refusal.retry_after {
        go_on(f, " ");
        write!(f, "(retry after {} s)", wait.as_secs())?;
    }
    Ok(())
}

/// A message behind what it is about, if that has a name.
fn about(name: &str, message: &str) -> String {
    let mut text = name.to_owned();
    go_on(&mut text, ": ");
    text + message
}

/// The PBX separates property and text by line breaks.
fn in_one_line(message: &str) -> String {
    let mut out = String::new();
    let lines = message.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        go_on(&mut out, "; ");
        out.push_str(&line.replace('\t', " "));
    }
    out
}

fn hint(error: &Error) -> &'static str {
    match &error.0.kind {
        _ if !error.0.advice.is_empty() => error.0.advice,
        Kind::Credentials { second_factor: true, .. } => {
            "Give the user login a security code from the user's authenticator"
        }
        Kind::Connect(_) => {
            "Check host name and port (5001 on self-hosted systems, 443 on hosted ones) and any firewall between"
        }
        Kind::Tls(_) => {
            "If the PBX has a certificate of its own, give its root to `add_root_certificate`; host name and date must be right too"
        }
        Kind::Timeout(_) => {
            "If the call is slow by nature, such as a report, give it a longer `timeout` or a smaller range"
        }
        Kind::TooLarge => "Ask for fewer items, or raise the client's `response_limit`",
        Kind::Refused(refusal) if error.0.sign_in => sign_in_hint(refusal.status),
        Kind::Refused(refusal) => status_hint(refusal.status, &error.0.message),
        _ => "",
    }
}

fn sign_in_hint(status: u16) -> &'static str {
    match status {
        400 | 401 => "The PBX does not accept the credentials; it blocks repeated failures",
        403 => {
            "Check that the licence includes the API (Enterprise, 8 calls or more) and that no IP rule of the PBX refuses this host"
        }
        404 => "There is no sign-in at this address: check the base URL",
        429 => "The PBX refuses further sign-ins for now: wait before trying again",
        500.. => "The PBX may be restarting: try again later",
        _ => "",
    }
}

fn status_hint(status: u16, message: &str) -> &'static str {
    match status {
        200..=299 => {
            "The PBX sent an error under a status of success: look whether the call has done anything before you repeat it"
        }
        300..=399 => {
            "Redirects are not followed: use the address that the server names as base URL"
        }
        400 if message.contains("for Top query") => {
            "Ask for at most 100 items at once and page with `skip`"
        }
        400 if message.contains("Could not find a property named") => {
            "This PBX's release does not know that name"
        }
        401 => {
            "The PBX does not accept the token: it was revoked, or a newer sign-in of the same client replaced it"
        }
        403 => {
            "Check the role of the client on the PBX, its departments, the licence (Enterprise, 8 calls or more) and IP rules"
        }
        404 => "The entity does not exist, or this PBX's release does not have the operation",
        412 => "The entity has changed since it was read: read it again",
        429 => "Too many requests: wait before the next one",
        502..=504 => {
            "A gateway answered in place of the PBX, which may be restarting: try again later"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::HeaderMap;

    use super::*;
    use crate::info::{Method, OperationInfo, OperationKind};

    const INFO: OperationInfo =
        OperationInfo::new("ListUser", "Users", OperationKind::List, Method::Get, "/Users");

    /// An error of each kind, with this text wherever a text from outside goes.
    fn errors(text: &str) -> Vec<Error> {
        let network = || Network { host: Some("pbx".to_owned()), timed_out: true };
        let odata = serde_json::json!({ "error": {
            "message": format!("{text}\n{text}"),
            "target": text,
            "details": [{ "message": text }, { "message": "a", "target": text }, { "message": text, "target": "b" }],
        } });
        let odata = odata.to_string();
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "7".parse().unwrap());
        let mut errors: Vec<Error> = (200..600)
            .flat_map(|status| {
                let [odata, plain] = [&*odata, text].map(str::as_bytes);
                [
                    Error::refused(status, &headers, odata, &[]),
                    Error::refused(status, &HeaderMap::new(), plain, &[]),
                    Error::refused(status, &headers, b"", &[]).in_sign_in(),
                    Error::refused_because(status, text),
                ]
            })
            .collect();
        let io = || std::io::Error::other(text.to_owned());
        let kinds = [
            Kind::Connect(network()),
            Kind::Tls(network()),
            Kind::Timeout(network()),
            Kind::Interrupted(network()),
            Kind::Configuration,
            Kind::Unwritable,
            Kind::TooLarge,
            Kind::Nothing,
            Kind::Local,
            Kind::Input { path: "$".to_owned() },
            Kind::Decode { path: None, status: None },
            Kind::Credentials { status: None, code: "code".to_owned(), second_factor: false },
        ];
        errors.extend(kinds.map(|kind| Error::new(kind, text)));
        errors.extend([
            Error::excess(text, "Do something"),
            Error::not_granted(Some(text), Some(text)),
            Error::second_factor(None, text),
            Error::from_token_source(text),
            Error::local_io("the file cannot be written", io()),
            Error::timeout(Duration::from_millis(1500), "pbx"),
            Error::too_many(INFO, 3),
            Error::not_one(INFO),
        ]);
        let absent = || Some("It is known since 20.0.9".to_owned());
        let absent = errors.clone().into_iter().map(|error| error.explained_by(absent));
        let mut all: Vec<Error> = absent.collect();
        all.extend(errors);
        let again = all.clone().into_iter().map(|error| error.in_operation(INFO).after_attempts(3));
        let again: Vec<Error> = again.collect();
        all.extend(again);
        all
    }

    #[test]
    fn no_error_has_two_marks_of_punctuation_in_a_row() {
        const MARKS: [char; 7] = ['.', ',', ';', ':', '?', '!', '…'];
        for end in ["", ".", ":", ";", "?", "!", "…", ". ", ".\n", ":\n", ",", "..."] {
            for error in errors(&format!("It is not valid{end}")) {
                let shown = error.to_string();
                // The text's own end may come last, or in front of what is in parentheses.
                let body = shown.trim_end_matches(MARKS);
                let mut pairs = body.chars().zip(body.chars().skip(1));
                let double = pairs.any(|(a, b)| MARKS.contains(&a) && MARKS.contains(&b));
                assert!(!double, "{end:?}: {shown}");
            }
        }
    }

    #[test]
    fn sentences_and_clauses_follow_whatever_a_text_ends_with() {
        for (text, mark, expected) in [
            ("It is so", ". ", "It is so. "),
            ("It is so. ", ". ", "It is so. "),
            ("Loading...", ". ", "Loading. "),
            ("Is it?", ". ", "Is it? "),
            ("The beginning…", ". ", "The beginning… "),
            ("delta:", ". ", "delta. "),
            ("delta:", "; ", "delta: "),
            ("It is required.", "; ", "It is required; "),
            ("It is required.", " ", "It is required "),
            ("", "; ", ""),
        ] {
            let mut text = text.to_owned();
            go_on(&mut text, mark);
            assert_eq!(text, expected);
        }
    }
}
