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
        // Whatever part of it comes from outside.
        let f = &mut Plain(f);
        if let Some(info) = &inner.operation {
            write!(f, "{} ({} {})", info.id, info.method, info.route)?;
            f.write_str(if inner.sign_in { ": sign-in failed: " } else { ": " })?;
        } else if inner.sign_in {
            f.write_str("sign-in failed: ")?;
        }
        what(self, f)?;
        if inner.attempts > 1 {
            write!(f, " (after {} attempts)", inner.attempts)?;
        }
        if let Some(absence) = self.refusal().and_then(|refusal| refusal.absence.as_ref()) {
            return write!(f, ". {absence}");
        }
        match hint(self) {
            "" => Ok(()),
            hint => write!(f, ". {hint}"),
        }
    }
}

fn what(error: &Error, f: &mut impl Write) -> fmt::Result {
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
        Kind::Credentials { code, .. } if !code.is_empty() => write!(f, "{code}: {message}"),
        Kind::Credentials { .. } => f.write_str(message),
        Kind::Decode { .. } => write!(f, "the answer is not as declared: {message}"),
        Kind::Refused(refusal) => refused(refusal, message, f),
    }
}

fn refused(refusal: &Refusal, message: &str, f: &mut impl Write) -> fmt::Result {
    let status = refusal.status;
    write!(f, "{status}")?;
    if let Some(reason) =
        StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason())
    {
        write!(f, " {reason}")?;
    }
    let mut said = String::new();
    if !refusal.target.is_empty() && !message.contains(&refusal.target) {
        said = format!("{}: ", refusal.target);
    }
    said.push_str(if message.is_empty() { &refusal.excerpt } else { message });
    for detail in &refusal.details {
        let ErrorDetail { target, message, .. } = detail;
        let message = &in_one_line(message);
        let is_new =
            if target.is_empty() { !said.contains(message) } else { !said.contains(target) };
        if is_new {
            said.push_str(if said.is_empty() || said.ends_with(": ") { "" } else { "; " });
            said.push_str(&if target.is_empty() {
                message.clone()
            } else {
                format!("{target}: {message}")
            });
        }
    }
    if !said.is_empty() {
        write!(f, ": {}", bounded(&said, MESSAGE))?;
    }
    if let Some(wait) = refusal.retry_after {
        write!(f, " (retry after {} s)", wait.as_secs())?;
    }
    Ok(())
}

/// The PBX separates property and text by line breaks.
fn in_one_line(message: &str) -> String {
    let mut out = String::new();
    let lines = message.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push_str(if out.ends_with(':') { " " } else { "; " });
        }
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
