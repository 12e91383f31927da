//! How long to trust a token.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Used where neither the token nor the answer says anything.
const UNKNOWN: f64 = 60.0;
/// The client uses a token for about this long, whatever is said of its life: else it would sign in with
/// each call.
pub(super) const SHORTEST: Duration = Duration::from_secs(3);
/// The client trusts a token for at most this long, whatever the token says.
pub(super) const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The time from now for which a token is good. `date` is the server's clock, from its answer.
///
/// The JWT's own claims come first. Their `exp` is held against the server's clock and against
/// `iat`, which both hold whatever this machine's clock says; against this machine's clock only
/// where neither is there. `expires_in` is minutes before release 20.0.9 and seconds since: it
/// bounds the claims as minutes, and alone it counts as seconds, the shorter reading.
pub(super) fn of(
    token: &str,
    expires_in: Option<f64>,
    now: SystemTime,
    date: Option<SystemTime>,
) -> Duration {
    let seconds =
        |time: SystemTime| time.duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    let expires_in = expires_in.filter(|value| *value > 0.0);
    let claims = claims(token);
    let claim = |name: &str| claims.as_ref().and_then(|claims| claims.get(name)?.as_f64());
    let claimed = claim("exp").and_then(|exp| {
        let span = |start: Option<f64>| start.map(|start| exp - start).filter(|span| *span > 0.0);
        let whole = span(claim("iat").or_else(|| claim("nbf")));
        match (span(date.map(seconds)), whole) {
            // The server may hand out a token that it issued earlier.
            (Some(left), Some(whole)) => Some(left.min(whole)),
            (left, whole) => left.or(whole).or_else(|| span(Some(seconds(now)))),
        }
    });
    let seconds = match (claimed, expires_in) {
        (Some(claimed), Some(minutes)) => claimed.min(minutes * 60.0),
        (Some(claimed), None) => claimed,
        (None, Some(seconds)) => seconds,
        (None, None) => UNKNOWN,
    };
    Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64()))
}

/// A token is renewed before its end: a fifth of its life, at most a minute.
pub(super) fn with_margin(lifetime: Duration) -> Duration {
    lifetime.saturating_sub((lifetime / 5).min(Duration::from_secs(60)))
}

/// The payload of a JWT, unverified: it is only asked for times.
fn claims(token: &str) -> Option<serde_json::Value> {
    let mut parts = token.split('.');
    let payload = parts.nth(1)?;
    // Header, payload and signature: anything else only looks like it.
    if parts.count() != 1 {
        return None;
    }
    let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(payload: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn a_token_is_trusted_for_the_shorter_of_what_is_said() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let now = 1_000_000;
        for (token, expires_in, date, seconds) in [
            // exp and iat, with expires_in in minutes (60) and in seconds (3600).
            (jwt(r#"{"iat":1000000,"exp":1003600}"#), Some(60.0), None, 3600.0),
            (jwt(r#"{"iat":1000000,"exp":1003600}"#), Some(3600.0), Some(now), 3600.0),
            (jwt(r#"{"iat":1000000,"exp":1003600}"#), None, None, 3600.0),
            // This machine's clock is two hours ahead, or behind.
            (jwt(r#"{"iat":992800,"exp":996400}"#), Some(60.0), None, 3600.0),
            (jwt(r#"{"iat":992800,"exp":996400}"#), Some(60.0), Some(992_800), 3600.0),
            (jwt(r#"{"exp":996400}"#), Some(60.0), Some(992_800), 3600.0),
            (jwt(r#"{"iat":1007200,"exp":1010800}"#), Some(60.0), None, 3600.0),
            (jwt(r#"{"exp":1010800}"#), Some(3600.0), Some(1_007_200), 3600.0),
            // A token that was issued half an hour ago.
            (jwt(r#"{"iat":998200,"exp":1001800}"#), Some(60.0), Some(now), 1800.0),
            // The server's own clocks disagree.
            (jwt(r#"{"iat":992800,"exp":996400}"#), Some(60.0), Some(now), 3600.0),
            // exp without iat; with a clock behind, expires_in bounds it.
            (jwt(r#"{"nbf":1000000,"exp":1000300}"#), None, None, 300.0),
            (jwt(r#"{"exp":1000300}"#), None, None, 300.0),
            (jwt(r#"{"exp":1010800}"#), Some(60.0), None, 3600.0),
            // exp is past: seconds are the safe reading.
            (jwt(r#"{"exp":999000}"#), Some(60.0), None, 60.0),
            // Nonsense is not trusted.
            (jwt(r#"{"iat":1000000,"exp":99999999999}"#), None, None, 86400.0),
            (jwt(r#"{"iat":1000000,"exp":"soon"}"#), Some(5.0), None, 5.0),
            (jwt("[]"), None, None, 60.0),
            ("opaque".to_owned(), Some(60.0), None, 60.0),
            ("a.!!.b".to_owned(), Some(-1.0), None, 60.0),
            ("a.e30.b.c".to_owned(), Some(f64::NAN), None, 60.0),
            (String::new(), Some(f64::INFINITY), None, 86400.0),
        ] {
            assert_eq!(
                of(&token, expires_in, at(now), date.map(at)),
                Duration::from_secs_f64(seconds),
                "{token} {expires_in:?} {date:?}"
            );
        }
    }

    #[test]
    fn a_token_is_renewed_before_its_end() {
        for (lifetime, renewed) in [(3600, 3540.0), (60, 48.0), (5, 4.0), (0, 0.0)] {
            assert_eq!(
                with_margin(Duration::from_secs(lifetime)),
                Duration::from_secs_f64(renewed)
            );
        }
    }
}
