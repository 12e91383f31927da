//! How an error reads: what happened, and what a person can do next.

use std::fmt;

use reqwest::StatusCode;

use super::Inner;
use super::kind::Kind;

pub(super) fn display(error: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(info) = &error.operation {
        write!(f, "{} ({} {})", info.id, info.method, info.route)?;
        f.write_str(if error.sign_in { ": sign-in failed: " } else { ": " })?;
    } else if error.sign_in {
        f.write_str("sign-in failed: ")?;
    }
    what(error, f)?;
    if error.attempts > 1 {
        write!(f, " (after {} attempts)", error.attempts)?;
    }
    if let Some(absence) = &error.absence {
        return write!(f, ". {absence}");
    }
    match hint(error) {
        "" => Ok(()),
        hint => write!(f, ". {hint}"),
    }
}

fn what(error: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let host = error.host.as_deref().unwrap_or("the PBX");
    match error.kind {
        Kind::Connect => write!(f, "cannot reach {host}: {}", error.message),
        Kind::Tls => write!(f, "no secure connection to {host}: {}", error.message),
        Kind::Timeout => write!(f, "{host} did not answer in time: {}", error.message),
        Kind::Interrupted => write!(f, "the connection to {host} broke: {}", error.message),
        Kind::Configuration | Kind::Unwritable | Kind::TooLarge | Kind::Local => {
            f.write_str(&error.message)
        }
        Kind::Input => write!(f, "the JSON text is not as declared: {}", error.message),
        Kind::Credentials if !error.code.is_empty() => {
            write!(f, "{}: {}", error.code, error.message)
        }
        Kind::Credentials => f.write_str(&error.message),
        Kind::Decode => write!(f, "the answer is not as declared: {}", error.message),
        Kind::Refused => {
            let status = error.status.unwrap_or_default();
            write!(f, "{status}")?;
            if let Some(reason) =
                StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason())
            {
                write!(f, " {reason}")?;
            }
            if !error.message.is_empty() {
                // The PBX separates property and text by line breaks.
                let lines = error.message.lines().map(str::trim).filter(|line| !line.is_empty());
                f.write_str(": ")?;
                let mut previous = "";
                for line in lines {
                    if !previous.is_empty() {
                        f.write_str(if previous.ends_with(':') { " " } else { "; " })?;
                    }
                    f.write_str(line)?;
                    previous = line;
                }
            } else if !error.excerpt.is_empty() {
                write!(f, ": {}", error.excerpt)?;
            }
            for detail in &error.details {
                if !detail.target.is_empty() && !error.message.contains(&detail.target) {
                    write!(f, "; {}: {}", detail.target, detail.message)?;
                }
            }
            if let Some(wait) = error.retry_after {
                write!(f, " (retry after {} s)", wait.as_secs())?;
            }
            Ok(())
        }
    }
}

fn hint(error: &Inner) -> &'static str {
    match error.kind {
        _ if !error.advice.is_empty() => error.advice,
        Kind::Credentials if error.second_factor => {
            "Give the user login a security code from the user's authenticator"
        }
        Kind::Connect => {
            "Check host name and port (5001 on self-hosted systems, 443 on hosted ones) and any firewall between"
        }
        Kind::Tls => {
            "If the PBX has a certificate of its own, give its root to `add_root_certificate`; host name and date must be right too"
        }
        Kind::Timeout => {
            "If the call is slow by nature, such as a report, give it a longer `timeout` or a smaller range"
        }
        Kind::TooLarge => "Ask for fewer items, or raise the client's `response_limit`",
        Kind::Refused if error.sign_in => sign_in_hint(error),
        Kind::Refused => status_hint(error),
        _ => "",
    }
}

fn sign_in_hint(error: &Inner) -> &'static str {
    match error.status {
        Some(400 | 401) => "The PBX does not accept the credentials; it blocks repeated failures",
        Some(403) => {
            "Check that the licence includes the API (Enterprise, 8 calls or more) and that no IP rule of the PBX refuses this host"
        }
        Some(404) => "There is no sign-in at this address: check the base URL",
        Some(429) => "The PBX refuses further sign-ins for now: wait before trying again",
        Some(status) if status >= 500 => "The PBX may be restarting: try again later",
        _ => "",
    }
}

fn status_hint(error: &Inner) -> &'static str {
    match error.status {
        Some(300..=399) => {
            "Redirects are not followed: use the address that the server names as base URL"
        }
        Some(400) if error.message.contains("for Top query") => {
            "Ask for at most 100 items at once and page with `skip`"
        }
        Some(400) if error.message.contains("Could not find a property named") => {
            "This PBX's release does not know that name"
        }
        Some(401) => {
            "The PBX does not accept the token: it was revoked, or a newer sign-in of the same client replaced it"
        }
        Some(403) => {
            "Check the role of the client on the PBX, its departments, the licence (Enterprise, 8 calls or more) and IP rules"
        }
        Some(404) => "The entity does not exist, or this PBX's release does not have the operation",
        Some(412) => "The entity has changed since it was read: read it again",
        Some(429) => "Too many requests: wait before the next one",
        Some(502..=504) => {
            "A gateway answered in place of the PBX, which may be restarting: try again later"
        }
        _ => "",
    }
}
