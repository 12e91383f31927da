//! Numbers as HTTP and 3CX write them: digits alone. Rust's own parsers also take a sign.

use std::str::FromStr;

/// The number that the text is, if it is digits alone and fits.
pub(crate) fn number<T: FromStr>(text: &str) -> Option<T> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_number_is_digits_alone() {
        for (text, expected) in [("0", Some(0)), ("007", Some(7)), ("65535", Some(65_535))] {
            assert_eq!(number::<u16>(text), expected, "{text}");
        }
        for text in ["", "+7", "-7", " 7", "7 ", "7.0", "0x7", "٧", "65536"] {
            assert_eq!(number::<u16>(text), None, "{text}");
        }
        assert_eq!(number::<i32>("-7"), None);
    }
}
