//! Wire names taken apart into words, and put together again in Rust's cases.

/// A wire name's words in its own spelling. `whole` are spellings that stay one word.
///
/// A word ends before a capital that follows a small letter (`firstName`), before the last capital of
/// a run that a small letter follows (`AISettings`), and at whatever is no letter or digit.
pub(super) fn split<'n>(
    name: &'n str,
    whole: &[&str],
    mut used: impl FnMut(usize),
) -> Vec<&'n str> {
    let mut words = Vec::new();
    for piece in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty()) {
        let bytes = piece.as_bytes();
        let mut start = 0;
        let mut at = 0;
        while at < bytes.len() {
            if let Some(index) = whole_at(piece, at, whole) {
                if start < at {
                    words.push(&piece[start..at]);
                }
                used(index);
                let end = at + whole[index].len();
                words.push(&piece[at..end]);
                (start, at) = (end, end);
                continue;
            }
            if at > start && begins_word(bytes, at) {
                words.push(&piece[start..at]);
                start = at;
            }
            at += 1;
        }
        if start < bytes.len() {
            words.push(&piece[start..]);
        }
    }
    words
}

/// The listed word that stands at `at` and that no small letter follows.
fn whole_at(piece: &str, at: usize, whole: &[&str]) -> Option<usize> {
    let rest = &piece[at..];
    let fits = |word: &&str| {
        let next = rest.as_bytes().get(word.len());
        rest.starts_with(*word) && !next.is_some_and(u8::is_ascii_lowercase)
    };
    (0..whole.len()).filter(|index| fits(&whole[*index])).max_by_key(|index| whole[*index].len())
}

fn begins_word(bytes: &[u8], at: usize) -> bool {
    let before = bytes[at - 1];
    let next_is_small = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    bytes[at].is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_small)
}

/// `first_name`
pub(super) fn snake(words: &[&str]) -> String {
    words.iter().map(|word| word.to_ascii_lowercase()).collect::<Vec<_>>().join("_")
}

/// `FirstName`; the wire's own spelling, but for a first small letter and for names in capitals
/// alone that were cut by punctuation (`WARNINGS.NOT_FOUND`).
pub(super) fn camel(name: &str) -> String {
    let pieces = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let shouts = pieces.clone().count() > 1 && !name.chars().any(|c| c.is_ascii_lowercase());
    pieces
        .map(|piece| {
            let (first, rest) = piece.split_at(1);
            let rest = if shouts { rest.to_ascii_lowercase() } else { rest.to_owned() };
            first.to_ascii_uppercase() + &rest
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_name_falls_into_words() {
        let whole = ["OAuth", "2FA", "DN"];
        let rows = [
            ("FirstName", "first_name"),
            ("periodFrom", "period_from"),
            ("AISettings", "ai_settings"),
            ("DNProperties", "dn_properties"),
            ("call_id", "call_id"),
            ("Enable2FA", "enable_2fa"),
            ("OAuthClients", "oauth_clients"),
            ("actionDnDn", "action_dn_dn"),
            ("M365Users", "m365_users"),
            ("@odata.id", "odata_id"),
            ("VMPIN", "vmpin"),
            ("QueueAnUnCalls", "queue_an_un_calls"),
        ];
        for (wire, rust) in rows {
            assert_eq!(snake(&split(wire, &whole, |_| ())), rust, "{wire}");
        }
    }

    #[test]
    fn a_type_or_value_keeps_the_wires_spelling() {
        let rows = [
            ("AISettings", "AISettings"),
            ("es", "Es"),
            ("GPT_4o_mini", "GPT4oMini"),
            ("XAPI.NOT_FOUND", "XapiNotFound"),
            ("INF", "INF"),
            ("KeyValuePair_2OfString", "KeyValuePair2OfString"),
        ];
        for (wire, rust) in rows {
            assert_eq!(camel(wire), rust, "{wire}");
        }
    }
}
