//! Releases of 3CX: which one a PBX is, and in which ones something exists.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::edm::ParseError;

/// A release of 3CX, such as 20.0.9. The number of its build doesn't count.
///
/// ```
/// use threecx_xapi::Release;
///
/// let release: Release = "20.0.9.995".parse()?;
/// assert_eq!(release, Release::new(20, 0, 9));
/// assert!(release < "20.0.10".parse()?);
/// # Ok::<(), threecx_xapi::edm::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    update: u16,
}

impl Release {
    /// The release of these three numbers.
    #[must_use]
    pub const fn new(major: u16, minor: u16, update: u16) -> Self {
        Self { major, minor, update }
    }

    const fn to_bits(self) -> u64 {
        (self.major as u64) << 32 | (self.minor as u64) << 16 | self.update as u64
    }

    const fn from_bits(bits: u64) -> Self {
        // What is cut off is zero.
        Self::new((bits >> 32) as u16, (bits >> 16) as u16, bits as u16)
    }
}

/// Reads three numbers with dots, or four with the build's.
impl FromStr for Release {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = ParseError::new("a release such as 20.0.9 or 20.0.9.995");
        let numbers: Vec<u16> = text
            .split('.')
            .map(|number| number.parse().map_err(|_| expected))
            .collect::<Result<_, _>>()?;
        match numbers[..] {
            [major, minor, update] | [major, minor, update, _] => {
                Ok(Self::new(major, minor, update))
            }
            _ => Err(expected),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.update)
    }
}

impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The releases in which something exists, of those that this crate knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Releases {
    since: Option<Release>,
    until: Option<Release>,
}

impl Releases {
    /// From the oldest known release to the newest one.
    pub const ALL: Self = Self { since: None, until: None };

    /// From this release on.
    #[must_use]
    pub const fn since(mut self, release: Release) -> Self {
        self.since = Some(release);
        self
    }

    /// To this release, itself included.
    #[must_use]
    pub const fn until(mut self, release: Release) -> Self {
        self.until = Some(release);
        self
    }

    /// The first release that has it; `None` if the oldest known one does.
    #[must_use]
    pub const fn first(self) -> Option<Release> {
        self.since
    }

    /// The last release that has it; `None` if the newest known one does.
    #[must_use]
    pub const fn last(self) -> Option<Release> {
        self.until
    }

    /// Whether the release has it. A release that is newer than all known ones counts as the newest,
    /// and one that is older as the oldest.
    #[must_use]
    pub fn contains(self, release: Release) -> bool {
        self.since.is_none_or(|since| since <= release)
            && self.until.is_none_or(|until| release <= until)
    }

    /// Why a PBX of this release doesn't have it; nothing if it does.
    pub(crate) fn absence(self, what: &str, release: Release) -> Option<String> {
        match (self.since, self.until) {
            (Some(since), _) if release < since => {
                Some(format!("{what} was added in {since}; this PBX is {release}"))
            }
            (_, Some(until)) if release > until => {
                Some(format!("{what} was last in {until}; this PBX is {release}"))
            }
            _ => None,
        }
    }
}

/// `20.0.8 and later`, `up to 20.0.7`, `20.0.5 to 20.0.7`.
impl fmt::Display for Releases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.since, self.until) {
            (None, None) => f.write_str("all known releases"),
            (Some(since), None) => write!(f, "{since} and later"),
            (None, Some(until)) => write!(f, "up to {until}"),
            (Some(since), Some(until)) if since == until => write!(f, "{since}"),
            (Some(since), Some(until)) => write!(f, "{since} to {until}"),
        }
    }
}

/// The release of a PBX as far as it is known. Every answer that names it is believed, as a PBX may
/// be updated while a client lives.
#[derive(Default)]
pub(crate) struct Known(AtomicU64);

impl Known {
    /// Known from the start.
    pub(crate) fn new(release: Option<Release>) -> Self {
        Self(AtomicU64::new(release.map_or(0, Release::to_bits)))
    }

    pub(crate) fn get(&self) -> Option<Release> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            bits => Some(Release::from_bits(bits)),
        }
    }

    pub(crate) fn learn(&self, release: Release) {
        self.0.store(release.to_bits(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_read_with_or_without_its_build() {
        for (text, expected) in [
            ("20.0.9", Some(Release::new(20, 0, 9))),
            ("20.0.10.123", Some(Release::new(20, 0, 10))),
            ("20.0", None),
            ("20.0.9.1.1", None),
            ("v20.0.9", None),
            ("20.0.70000", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), expected, "{text}");
        }
        let release = Release::new(20, 1, 65_535);
        assert_eq!(Release::from_bits(release.to_bits()), release);
        assert_eq!(release.to_string(), "20.1.65535");
    }

    #[test]
    fn what_a_release_lacks_is_said_with_both_releases() {
        let [seven, eight, nine] = [7, 8, 9].map(|update| Release::new(20, 0, update));
        let rows = [
            (Releases::ALL, seven, None, "all known releases"),
            (Releases::ALL.since(eight), eight, None, "20.0.8 and later"),
            (
                Releases::ALL.since(eight),
                seven,
                Some("X was added in 20.0.8; this PBX is 20.0.7"),
                "20.0.8 and later",
            ),
            (
                Releases::ALL.until(eight),
                nine,
                Some("X was last in 20.0.8; this PBX is 20.0.9"),
                "up to 20.0.8",
            ),
            (Releases::ALL.since(seven).until(nine), eight, None, "20.0.7 to 20.0.9"),
            (Releases::ALL.since(seven).until(seven), seven, None, "20.0.7"),
        ];
        for (releases, release, absence, shown) in rows {
            assert_eq!(releases.absence("X", release).as_deref(), absence, "{releases}");
            assert_eq!(releases.contains(release), absence.is_none(), "{releases}");
            assert_eq!(releases.to_string(), shown);
        }
    }
}
