//! Which variant of an operation a PBX takes, by its release.

use crate::info::Variant;
use crate::release::Release;

/// The indices of the variants that a PBX may take, in the order in which the client tries them.
pub(crate) struct Routing(Vec<usize>);

impl Routing {
    /// `release` is the PBX's; if the client does not know it, the newest variant comes first.
    pub(crate) fn of(variants: &[Variant], release: Option<Release>) -> Self {
        let Some(release) = release else { return Self((0..variants.len()).collect()) };
        let fitting =
            (0..variants.len()).filter(|index| variants[*index].releases.contains(release));
        let mut fitting: Vec<usize> = fitting.collect();
        if fitting.is_empty() {
            // The operation was added later, or has gone: nothing is blocked that might work.
            let before = |it: &Variant| it.releases.first().is_some_and(|first| release < first);
            fitting.extend(if variants.iter().all(before) {
                variants.len().checked_sub(1)
            } else {
                Some(0)
            });
        }
        Self(fitting)
    }

    /// The variants, by their indices.
    pub(crate) fn order(&self) -> &[usize] {
        &self.0
    }

    /// The first variant that the given values fit; else what is wrong with the first.
    pub(crate) fn choose<T, E>(
        &self,
        mut variant: impl FnMut(usize) -> Result<T, E>,
    ) -> Result<T, E> {
        let first = self.0.first().copied().unwrap_or_default();
        let rest = self.0.iter().skip(1);
        variant(first)
            .or_else(|problem| rest.copied().find_map(|it| variant(it).ok()).ok_or(problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::info::Method;
    use crate::release::Releases;

    const fn variant(releases: Releases) -> Variant {
        Variant::new(Method::Get, "/X", releases)
    }

    #[test]
    fn the_release_decides_which_variants_are_tried_in_which_order() {
        let release = |update| Release::new(20, 0, update);
        // Two documents of 20.0.7 differ, so both variants have it.
        let variants = [
            variant(Releases::ALL.since(release(7))),
            variant(Releases::ALL.since(release(5)).until(release(7))),
        ];
        let rows: [(Option<Release>, &[usize]); 7] = [
            (None, &[0, 1]),
            (Some(release(4)), &[1]),
            (Some(release(5)), &[1]),
            (Some(release(6)), &[1]),
            (Some(release(7)), &[0, 1]),
            (Some(release(8)), &[0]),
            (Some(release(99)), &[0]),
        ];
        for (release, expected) in rows {
            assert_eq!(Routing::of(&variants, release).0, expected, "{release:?}");
        }
        let gone = [variant(Releases::ALL.until(release(6)))];
        assert_eq!(Routing::of(&gone, Some(release(9))).0, [0]);
        assert_eq!(Routing::of(&[], Some(release(9))).choose(Ok::<_, ()>).ok(), Some(0));
    }
}
