//! Names of files that come from outside, made safe for every system.

use crate::plain::is_hidden;

/// The most bytes of a name: file systems allow 255, and some of them fewer.
const LONGEST: usize = 200;
/// The longest end, from its full stop on, that stays when a name is cut.
const LONGEST_END: usize = 20;
/// What Windows takes for a device, whatever end follows it. `¹`, `²` and `³` count as digits there.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];

/// The name without folders, and without what a system takes for anything but a letter of a name; none if
/// nothing is left.
pub(crate) fn safe(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = last.chars().filter(|c| !is_hidden(*c));
    // The colon separates drives and streams.
    let plain: String = shown.map(|c| if r#":*?"<>|"#.contains(c) { '_' } else { c }).collect();
    // A full stop at the beginning hides a file; Windows drops those at the end.
    let is_edge = |c: char| c == '.' || c.is_whitespace();
    let whole = plain.trim_matches(is_edge);
    let name = shortened(whole);
    let name = name.trim_end_matches(is_edge);
    match name {
        "" => None,
        name if is_device(name) => Some(format!("_{name}")),
        name => Some(name.to_owned()),
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let is_numbered = |device: &str| {
        let mut number = stem.strip_prefix(device).unwrap_or_default().chars();
        let is_digit = number.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c));
        is_digit && number.next().is_none()
    };
    DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.into_iter().any(is_numbered)
}

/// The name with at most [`LONGEST`] bytes; its end stays.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let end = name.rfind('.').map_or("", |at| &name[at..]);
    let end = if end.len() > LONGEST_END { "" } else { end };
    let mut most = LONGEST - end.len();
    while !name.is_char_boundary(most) {
        most -= 1;
    }
    format!("{}{end}", &name[..most])
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, safe};

    #[test]
    fn a_name_means_the_same_plain_file_on_every_system() {
        for (name, expected) in [
            ("call.wav", "call.wav"),
            ("my call (2).wav", "my call (2).wav"),
            ("Anruf für Ødegård 通話.wav", "Anruf für Ødegård 通話.wav"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("C:evil.exe", "C_evil.exe"),
            ("C:\\evil.exe", "evil.exe"),
            ("call.wav:stream", "call.wav_stream"),
            ("call.wav::$DATA", "call.wav__$DATA"),
            ("what*is<this>?|\".wav", "what_is_this____.wav"),
            ("CON", "_CON"),
            ("con.wav", "_con.wav"),
            ("Nul .txt", "_Nul .txt"),
            ("aux.tar.gz", "_aux.tar.gz"),
            ("COM1", "_COM1"),
            ("lpt9.log", "_lpt9.log"),
            ("com².log", "_com².log"),
            ("COM10", "COM10"),
            ("CONTRACT.pdf", "CONTRACT.pdf"),
            ("conin$", "_conin$"),
            ("call.wav...", "call.wav"),
            ("call.wav . .", "call.wav"),
            (".bashrc", "bashrc"),
            ("..hidden", "hidden"),
            (" .ssh", "ssh"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("\u{2066}a\u{2069}\u{200f}\u{61c}.wav", "a.wav"),
            ("\u{feff}a\u{200b}\u{2060}\u{e0041}.wav", "a.wav"),
            ("a\0b\r\n\u{1b}[31mc\u{7f}\u{85}.wav", "ab[31mc.wav"),
        ] {
            assert_eq!(safe(name).as_deref(), Some(expected), "{name:?}");
        }
        for name in ["", " ", ".", "..", "...", "/", "a/", "\\", "\u{202e}", "\0", ". ."] {
            assert_eq!(safe(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_and_keeps_its_end() {
        for (stem, end, kept) in [
            ("a".repeat(300), ".wav", ".wav"),
            ("ä".repeat(150), ".wav", ".wav"),
            ("通".repeat(100), ".wav", ".wav"),
            ("a".repeat(300), "", ""),
            ("a".repeat(100), &*format!(".{}", "b".repeat(200)), "b"),
            ("a.".repeat(150), "", "a"),
        ] {
            let name = safe(&format!("{stem}{end}")).unwrap();
            assert!(name.len() <= LONGEST && name.len() > LONGEST - 4, "{}", name.len());
            assert!(name.ends_with(kept) && !name.ends_with('.'), "{name}");
        }
    }
}
