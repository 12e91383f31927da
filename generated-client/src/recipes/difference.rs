//! What makes a list of the PBX say what a list of your own says: [`Difference`].

use std::collections::HashMap;
use std::hash::Hash;

/// Two lists put against each other: what you want, and what the PBX has. Create what is
/// [`missing`](Self::missing), look at what is [`kept`](Self::kept), delete what is
/// [`surplus`](Self::surplus).
///
/// ```no_run
/// use threecx_xapi::entities::BlackListNumber;
/// use threecx_xapi::recipes::Difference;
///
/// # async fn run(pbx: threecx_xapi::Client, wanted: Vec<String>) -> threecx_xapi::Result<()> {
/// let present = pbx.black_list_numbers().list().all(10_000).await?;
/// let difference = Difference::of(wanted, present, String::clone, |it| it.caller_id.clone());
/// for number in difference.missing {
///     pbx.black_list_numbers().create(BlackListNumber::default().caller_id(number)).await?;
/// }
/// let gone: Vec<String> = difference.surplus.into_iter().filter_map(|it| it.id).collect();
/// if !gone.is_empty() {
///     pbx.black_list_numbers().bulk_numbers_delete(gone).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<W, P> {
    /// What you want and the PBX lacks, in your order.
    pub missing: Vec<W>,
    /// What you want and the PBX has, in your order. Both have the same key, but may differ in all else.
    pub kept: Vec<(W, P)>,
    /// What the PBX has and you don't want, in its order. If the PBX has a key several times, the first
    /// one is kept, and the others are here.
    pub surplus: Vec<P>,
}

impl<W, P> Difference<W, P> {
    /// Compares by a key. Of several wanted entries with one key the first counts. An entry of the PBX
    /// without a key is in none of the lists, so nobody deletes it.
    pub fn of<K: Eq + Hash>(
        wanted: impl IntoIterator<Item = W>,
        present: impl IntoIterator<Item = P>,
        key_of_wanted: impl Fn(&W) -> K,
        key_of_present: impl Fn(&P) -> Option<K>,
    ) -> Self {
        let mut places = HashMap::new();
        let mut pairs: Vec<(W, Option<P>)> = Vec::new();
        for wanted in wanted {
            places.entry(key_of_wanted(&wanted)).or_insert_with(|| {
                pairs.push((wanted, None));
                pairs.len() - 1
            });
        }
        let mut surplus = Vec::new();
        for present in present {
            let Some(key) = key_of_present(&present) else { continue };
            match places.get(&key).and_then(|place| pairs.get_mut(*place)) {
                Some((_, slot @ None)) => *slot = Some(present),
                _ => surplus.push(present),
            }
        }
        let (mut missing, mut kept) = (Vec::new(), Vec::new());
        for (wanted, present) in pairs {
            match present {
                Some(present) => kept.push((wanted, present)),
                None => missing.push(wanted),
            }
        }
        Self { missing, kept, surplus }
    }
}

#[cfg(test)]
mod tests {
    use super::Difference;

    #[test]
    fn each_entry_is_in_the_list_where_it_belongs() {
        for (wanted, present, missing, kept, surplus) in [
            ("", "", "", "", ""),
            ("ab", "", "ab", "", ""),
            ("", "ab", "", "", "ab"),
            ("cab", "bcd", "a", "cb", "d"),
            ("aa", "", "a", "", ""),
            ("a", "aa", "", "a", "a"),
            ("a", "-a-", "", "a", ""),
        ] {
            let key = |letter: &char| (*letter != '-').then_some(*letter);
            let found = Difference::of(wanted.chars(), present.chars(), |it| *it, key);
            let kept = kept.chars().map(|it| (it, it)).collect();
            let (missing, surplus) = (missing.chars().collect(), surplus.chars().collect());
            assert_eq!(found, Difference { missing, kept, surplus }, "{wanted} {present}");
        }
    }
}
