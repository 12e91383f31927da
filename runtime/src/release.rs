//! Releases of 3CX: which one a PBX is, and in which ones something exists.

use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::digits;
use crate::edm::ParseError;

/// A release of 3CX, such as 20.0.9, with the number of its build where that is known.
///
/// ```
/// use threecx_xapi::Release;
///
/// let release: Release = "20.0.9.995".parse()?;
/// assert_eq!(release, Release::new(20, 0, 9).with_build(995));
/// assert!(release < "20.0.10".parse()?);
/// # Ok::<(), threecx_xapi::edm::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    update: u16,
    build: Option<NonZeroU16>,
}

impl Release {
    /// The release of these three numbers, of any build.
    #[must_use]
    pub const fn new(major: u16, minor: u16, update: u16) -> Self {
        Self { major, minor, update, build: None }
    }

    /// One build of the release. 0 stands for any build.
    #[must_use]
    pub const fn with_build(mut self, build: u16) -> Self {
        self.build = NonZeroU16::new(build);
        self
    }

    /// The number of the build; `None` if any is meant.
    #[must_use]
    pub const fn build(self) -> Option<u16> {
        match self.build {
            Some(build) => Some(build.get()),
            None => None,
        }
    }

    /// Whether it is certainly older. A release without a build may be any of its builds.
    fn is_before(self, other: Self) -> bool {
        let any_build = Self { build: None, ..self };
        match (self.build, other.build) {
            (Some(build), Some(other_build)) if any_build == (Self { build: None, ..other }) => {
                build < other_build
            }
            _ => any_build < Self { build: None, ..other },
        }
    }

    const fn to_bits(self) -> u64 {
        let build = match self.build {
            Some(build) => build.get(),
            None => 0,
        };
        (self.major as u64) << 48
            | (self.minor as u64) << 32
            | (self.update as u64) << 16
            | build as u64
    }

    const fn from_bits(bits: u64) -> Self {
        // The casts cut off the other numbers.
        Self::new((bits >> 48) as u16, (bits >> 32) as u16, (bits >> 16) as u16)
            .with_build(bits as u16)
    }
}

/// Reads three numbers with dots, or four with the build's.
impl FromStr for Release {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = ParseError::new("a release such as 20.0.9 or 20.0.9.995");
        let numbers: Vec<u16> = text
            .split('.')
            .map(|number| digits::number(number).ok_or(expected))
            .collect::<Result<_, _>>()?;
        match numbers[..] {
            [major, minor, update] => Ok(Self::new(major, minor, update)),
            [major, minor, update, build] => Ok(Self::new(major, minor, update).with_build(build)),
            _ => Err(expected),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.update)?;
        self.build.map_or(Ok(()), |build| write!(f, ".{build}"))
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

    /// Whether the release has it. If a bound or the release has no build, any build may be meant, and the
    /// answer is yes. A release that is newer than all known ones counts as the newest, and one that is
    /// older as the oldest.
    #[must_use]
    pub fn contains(self, release: Release) -> bool {
        self.since.is_none_or(|since| !release.is_before(since))
            && self.until.is_none_or(|until| !until.is_before(release))
    }

    /// Why a PBX of this release doesn't have it; nothing if it does.
    pub(crate) fn absence(self, what: &str, release: Release) -> Option<String> {
        match (self.since, self.until) {
            (Some(since), _) if release.is_before(since) => {
                Some(format!("{what} was added in {since}; this PBX is {release}"))
            }
            (_, Some(until)) if until.is_before(release) => {
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
            ("20.0.10.123", Some(Release::new(20, 0, 10).with_build(123))),
            ("20.0.10.0", Some(Release::new(20, 0, 10))),
            ("20.0.10.70000", None),
            ("20.0", None),
            ("20.0.9.1.1", None),
            ("v20.0.9", None),
            ("+20.0.9", None),
            ("20.0.+9", None),
            ("20.0.70000", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), expected, "{text}");
        }
        let release = Release::new(20, 1, 65_535);
        for (release, shown) in
            [(release, "20.1.65535"), (release.with_build(65_535), "20.1.65535.65535")]
        {
            assert_eq!(Release::from_bits(release.to_bits()), release);
            assert_eq!(release.to_string(), shown);
        }
        let ten = Release::new(20, 0, 10);
        assert!(ten < ten.with_build(1) && ten.with_build(2) < ten.with_build(10));
    }

    #[test]
    fn a_build_tells_two_documents_of_a_release_apart() {
        let ten = Release::new(20, 0, 10);
        let since = Releases::ALL.since(ten.with_build(1621));
        let until = Releases::ALL.until(ten.with_build(1620));
        // The PBX's release, and whether it has what came or went with build 1621.
        let rows = [
            (Release::new(20, 0, 9).with_build(5000), false, true),
            (ten.with_build(1620), false, true),
            (ten.with_build(1621), true, false),
            (ten.with_build(2000), true, false),
            (ten, true, true),
            (Release::new(20, 0, 11).with_build(1), true, false),
        ];
        for (release, has_new, has_old) in rows {
            assert_eq!((since.contains(release), until.contains(release)), (has_new, has_old));
            assert_eq!(since.absence("X", release).is_none(), has_new, "{release}");
            // A bound without a build means any build.
            let any = Releases::ALL.since(ten).until(ten);
            let is_ten = release.to_string().starts_with("20.0.10");
            assert_eq!(any.contains(release), is_ten, "{release}");
        }
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
