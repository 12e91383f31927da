//! Finds the properties of a type by their names.

use std::ptr;
use std::sync::OnceLock;

/// The properties of a type by a hash of their names.
///
/// A server writes the properties in an order of its own, which may change from row to row, and leaves out
/// what is null. So each name is looked up by a hash, which costs less than reading the name.
#[derive(Clone, Copy)]
pub(super) struct Index {
    names: &'static [&'static str],
    /// At least twice as many slots as names; empty if there is no room for one more table.
    slots: &'static [Slot],
}

/// The indices that were made, each where the hash of its names' address leads to, or in the next free
/// place. Entities share this table: a static variable for each would be one more item to compile for each.
static MADE: [OnceLock<Made>; PLACES] = [const { OnceLock::new() }; PLACES];

/// Twice the number of all entities, and then some.
const PLACES: usize = 1024;

struct Made {
    names: &'static [&'static str],
    slots: Box<[Slot]>,
}

/// Whether a name is one of these, which are sorted.
pub(crate) fn is_among(names: &'static [&'static str], name: &str) -> bool {
    Index::of(names).find(name).is_some()
}

impl Index {
    /// The index of these names. The first entity of a type makes it.
    pub(super) fn of(names: &'static [&'static str]) -> Self {
        Self::among(&MADE, names)
    }

    fn among(made: &'static [OnceLock<Made>], names: &'static [&'static str]) -> Self {
        let at = hash(names.as_ptr().addr() as u64);
        let places = (at..at + made.len()).filter_map(|at| made.get(at % made.len()));
        for place in places {
            let made = place.get_or_init(|| Made { names, slots: slots(names) });
            if ptr::eq(made.names, names) {
                return Self { names, slots: &made.slots };
            }
        }
        Self { names, slots: &[] }
    }

    #[inline]
    pub(super) fn find(self, name: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return self.names.binary_search(&name).ok().and_then(|index| index.try_into().ok());
        }
        let digest = Digest::of(name);
        let mut at = digest.hash();
        loop {
            at &= self.slots.len() - 1;
            let slot = self.slots.get(at)?;
            let index = slot.number.checked_sub(1)?;
            if slot.digest == digest
                && (name.len() <= Digest::EXACT
                    || begin_alike(name, self.names.get(index as usize)?))
            {
                return Some(index);
            }
            at += 1;
        }
    }
}

/// A place in the table, which may be empty.
#[derive(Clone, Default)]
struct Slot {
    digest: Digest,
    /// The index of the name plus one, or 0.
    number: u32,
}

/// The length of a name, its first and its last eight bytes. It tells short names apart.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Digest {
    length: u32,
    first: u64,
    last: u64,
}

impl Digest {
    /// Longer names can have the digest of another one.
    const EXACT: usize = 16;

    fn of(name: &str) -> Self {
        let (bytes, length) = (name.as_bytes(), name.len() as u32);
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => {
                    (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
                }
                _ => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
            },
        };
        Self { length, first, last }
    }

    /// Where the search for the name begins.
    fn hash(self) -> usize {
        hash(self.first ^ self.last.rotate_left(23) ^ u64::from(self.length))
    }
}

fn hash(word: u64) -> usize {
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize
}

/// Whether two names have the same eights of bytes, from the first one on. The digests say the same of the rest.
#[inline]
fn begin_alike(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes().as_chunks::<8>().0, other.as_bytes().as_chunks::<8>().0);
    one.iter().zip(other).all(|(one, other)| u64::from_le_bytes(*one) == u64::from_le_bytes(*other))
}

#[cold]
fn slots(names: &[&str]) -> Box<[Slot]> {
    let mut slots = vec![Slot::default(); (2 * names.len()).next_power_of_two().max(2)];
    for (number, name) in (1..).zip(names) {
        let digest = Digest::of(name);
        let mut at = digest.hash();
        loop {
            at &= slots.len() - 1;
            match slots.get_mut(at) {
                Some(slot) if slot.number == 0 => break *slot = Slot { digest, number },
                _ => at += 1,
            }
        }
    }
    slots.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] =
        &["A", "Id", "Mobile", "Number", "Password1Password", "Password2Password", "eighteen"];

    #[test]
    fn a_name_is_found_by_all_of_it() {
        let full = Index { names: NAMES, slots: &[] };
        for index in [Index::of(NAMES), full] {
            for (place, name) in NAMES.iter().enumerate() {
                assert_eq!(index.find(name), Some(place as u32), "{name}");
            }
            // The third has the length, the beginning and the end of two that are known.
            for name in ["", "id", "Password3Password", "\0Id", "Mobile\0", "EIGHTEEN"] {
                assert_eq!(index.find(name), None, "{name:?}");
            }
        }
        assert_eq!(Index::of(&[]).find("Id"), None);
    }

    #[test]
    fn more_types_than_there_is_room_for_are_read() {
        static FEW: [OnceLock<Made>; 2] = [const { OnceLock::new() }; 2];
        const TYPES: [&[&str]; 4] = [&["A"], &["B"], &["C"], &["D"]];
        for _ in 0..2 {
            for names in TYPES {
                let index = Index::among(&FEW, names);
                assert_eq!(index.find(names[0]), Some(0));
                assert_eq!(index.find("other"), None);
            }
        }
        let found = TYPES.iter().filter(|names| !Index::among(&FEW, names).slots.is_empty());
        assert_eq!(found.count(), FEW.len());
    }
}
