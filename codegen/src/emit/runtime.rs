//! The runtime's words for a variant of an operation.

/// The type of a variant's facts.
pub(super) const VARIANT: &str = "Variant";
/// The list of the variants in an operation's facts.
pub(super) const VARIANTS: &str = "variants";
/// The number of the variant that is to be written.
pub(super) const NUMBER: &str = "variant";
/// The tests' list of calls of variants.
pub(super) const CALLS: &str = "VARIANTS";
