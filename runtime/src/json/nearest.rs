//! Which known key a mistyped one may stand for.

/// The key that looks most like `name`, if any looks much like it. Letter case, `_` and `-` don't
/// count, so `first_name` finds `FirstName`.
pub(super) fn nearest(name: &str, keys: &[&'static str]) -> Option<&'static str> {
    let name = plain(name);
    // A third of the letters may be wrong; of one or two, none. No key of the API has 64.
    let most = name.len() / 3;
    if name.is_empty() || name.len() > 64 {
        return None;
    }
    let ranked = keys.iter().map(|key| (distance(&name, &plain(key)), *key));
    ranked.min_by_key(|(distance, _)| *distance).filter(|(d, _)| *d <= most).map(|(_, key)| key)
}

fn plain(key: &str) -> Vec<char> {
    key.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// How many letters to add, drop, change or swap with their neighbour to get from one to the other.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        row.push(i + 1);
        for (j, b) in to.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_mistyped_key_is_recognised_and_a_strange_one_is_not() {
        let keys = &[
            "EmailAddress",
            "FirstName",
            "Id",
            "LastName",
            "Mobile",
            "Number",
            "OutboundCallerID",
            "VMPIN",
        ];
        for (name, expected) in [
            ("FristName", Some("FirstName")),
            ("firstName", Some("FirstName")),
            ("first_name", Some("FirstName")),
            ("Firstname ", Some("FirstName")),
            ("Emailaddres", Some("EmailAddress")),
            ("Email", None),
            ("Nmuber", Some("Number")),
            ("Numbers", Some("Number")),
            ("OutboundCallerId", Some("OutboundCallerID")),
            ("ID", Some("Id")),
            ("Ix", None),
            ("VMPPIN", Some("VMPIN")),
            ("Colour", None),
            ("", None),
            ("_", None),
            ("üüüü", None),
        ] {
            assert_eq!(nearest(name, keys), expected, "{name}");
        }
        assert_eq!(nearest(&"Number".repeat(20), keys), None);
        assert_eq!(nearest("Id", &[]), None);
    }
}
