//! The documents that an API was made from, and in which of them each of its facts holds.

use std::cmp::Ordering;

/// The name of an imported document: its release and its date, which also order the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentId {
    /// The release that it describes: `20.0.10`.
    pub release: String,
    /// The day of the document, `2026-06-11`.
    pub date: String,
    /// The build of the release, where the document says it: 1621 of `20.0.10.1621`.
    pub build: Option<u16>,
}

impl DocumentId {
    /// Its numbers, by which releases are ordered: `20.0.9` before `20.0.10`.
    fn numbers(&self) -> impl Iterator<Item = Option<u64>> {
        self.release.split('.').map(|number| number.parse().ok())
    }

    /// The name that no other document has: `20.0.7/2025-05-06`.
    pub fn full(&self) -> String {
        format!("{}/{}", self.release, self.date)
    }
}

impl Ord for DocumentId {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_numbers = self.numbers().cmp(other.numbers());
        // The text decides between spellings of the same numbers.
        let rest = |it: &Self| (it.date.clone(), it.release.clone(), it.build);
        by_numbers.then_with(|| rest(self).cmp(&rest(other)))
    }
}

impl PartialOrd for DocumentId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The documents in which a fact holds: a set of places in [`Api::documents`](super::Api::documents).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen(u128);

impl Seen {
    /// The number of documents that a set can tell apart.
    pub const MOST: usize = 128;

    /// All documents, of which there are so many.
    pub fn all(count: usize) -> Self {
        (0..count).map(Self::one).fold(Self::default(), Self::or)
    }

    /// The one document at this place.
    pub fn one(place: usize) -> Self {
        Self(1 << place)
    }

    /// The documents of either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The documents of this set that the other doesn't have.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it holds in the document at this place.
    pub fn contains(self, place: usize) -> bool {
        place < Self::MOST && self.0 >> place & 1 == 1
    }

    /// The places, the oldest first.
    pub fn places(self) -> impl DoubleEndedIterator<Item = usize> {
        let (first, end) = (self.first().unwrap_or(0), self.last().map_or(0, |last| last + 1));
        (first..end).filter(move |place| self.contains(*place))
    }

    /// The oldest document.
    pub fn first(self) -> Option<usize> {
        (self.0 != 0).then(|| self.0.trailing_zeros() as usize)
    }

    /// The newest document.
    pub fn last(self) -> Option<usize> {
        self.0.checked_ilog2().map(|place| place as usize)
    }
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.places()).finish()
    }
}

/// A fact that may have been another one in other documents: its variants.
#[derive(Clone, Debug, PartialEq)]
pub struct History<T> {
    /// The variant of the newest document that has the fact.
    pub newest: T,
    /// The documents that have the fact, in whatever variant.
    pub seen: Seen,
    /// The former variants, newest first, each with the documents that have it.
    pub former: Vec<(T, Seen)>,
}

/// Code that does not ask for the documents sees the newest variant.
impl<T> std::ops::Deref for History<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.newest
    }
}

impl<T> History<T> {
    /// A fact with one variant.
    pub fn new(newest: T, seen: Seen) -> Self {
        Self { newest, seen, former: Vec::new() }
    }

    /// The documents that have the newest variant.
    pub fn newest_seen(&self) -> Seen {
        self.former.iter().fold(self.seen, |seen, (_, former)| seen.without(*former))
    }

    /// All variants, the newest first.
    pub fn variants(&self) -> impl Iterator<Item = (&T, Seen)> + Clone {
        let newest = std::iter::once((&self.newest, self.newest_seen()));
        newest.chain(self.former.iter().map(|(variant, seen)| (variant, *seen)))
    }

    /// All variants, in the order in which documents first had them.
    pub fn oldest_first(&self) -> Vec<(&T, Seen)> {
        let mut variants: Vec<_> = self.variants().collect();
        variants.sort_by_key(|(_, seen)| seen.first());
        variants
    }

    /// The variant of the oldest document that has the fact.
    pub fn oldest(&self) -> &T {
        let oldest = self.variants().min_by_key(|(_, seen)| seen.first());
        oldest.map_or(&self.newest, |(variant, _)| variant)
    }

    /// The variant of the document at this place.
    pub fn at(&self, place: usize) -> Option<&T> {
        self.variants().find(|(_, seen)| seen.contains(place)).map(|(variant, _)| variant)
    }
}

/// The first and the last document that has a fact, where they differ from those of its owner. The owner
/// of a property is its entity, the owner of everything else is the API. A bound is a release, `20.0.8`,
/// or a document where the documents of a release differ, `20.0.7/2025-06-23`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The first that has it.
    pub since: Option<String>,
    /// The last that has it.
    pub until: Option<String>,
    /// Those between that don't.
    pub absent: Vec<String>,
}

impl Bounds {
    /// The bounds of a fact, whose owner is in the documents `within`.
    pub fn of(documents: &[DocumentId], seen: Seen, within: Seen) -> Self {
        let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return Self::default() };
        let name = |place: usize, is_edge: bool| match is_edge {
            true => documents[place].release.clone(),
            false => documents[place].full(),
        };
        let same =
            |a: usize, b: Option<&DocumentId>| b.is_some_and(|b| b.release == documents[a].release);
        let starts =
            |place: usize| !same(place, place.checked_sub(1).and_then(|it| documents.get(it)));
        let ends = |place: usize| !same(place, documents.get(place + 1));
        let gap: Vec<usize> =
            within.without(seen).places().filter(|it| (first..last).contains(it)).collect();
        let mut absent = Vec::new();
        for place in &gap {
            let release = &documents[*place].release;
            let mut all = documents.iter().enumerate().filter(|(_, it)| it.release == *release);
            let whole = all.all(|(place, _)| gap.contains(&place));
            let name = name(*place, whole);
            if absent.last() != Some(&name) {
                absent.push(name);
            }
        }
        Self {
            since: (within.first() != Some(first)).then(|| name(first, starts(first))),
            until: (within.last() != Some(last)).then(|| name(last, ends(last))),
            absent,
        }
    }

    /// The documents within these bounds, of those that have the fact's owner.
    pub fn seen(&self, documents: &[DocumentId], within: Seen) -> Result<Seen, String> {
        let named = |name: &str| {
            let is = |it: &DocumentId| it.release == name || it.full() == name;
            let places = documents.iter().enumerate().filter(|(_, it)| is(it));
            let seen = places.fold(Seen::default(), |seen, (place, _)| seen.or(Seen::one(place)));
            if seen == Seen::default() {
                Err(format!(
                    "`{name}` is not one of the releases; add it to `x-releases`, or take it out"
                ))
            } else {
                Ok(seen)
            }
        };
        let edge = |name: &Option<String>, end: fn(Seen) -> Option<usize>, none: usize| {
            name.as_ref().map_or(Ok(none), |name| Ok(end(named(name)?).unwrap_or(none)))
        };
        let first: Result<usize, String> = edge(&self.since, Seen::first, 0);
        let last: Result<usize, String> = edge(&self.until, Seen::last, documents.len());
        let (first, last) = (first?, last?);
        let kept = within.places().filter(|place| (first..=last).contains(place));
        let mut seen = kept.fold(Seen::default(), |seen, place| seen.or(Seen::one(place)));
        for name in &self.absent {
            seen = seen.without(named(name)?);
        }
        if seen == Seen::default() && !documents.is_empty() {
            return Err("no release is left of these bounds".to_owned());
        }
        Ok(seen)
    }
}
