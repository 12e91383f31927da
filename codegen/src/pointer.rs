//! JSON pointers (RFC 6901), and where in a text they lead.

use saphyr_parser::{Event, Parser};

/// A key as one segment of a JSON pointer.
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The line on which each of the JSON pointers stands, or the closest thing around it that the text has.
pub(crate) fn lines_of(text: &str, pointers: &[&str]) -> Vec<Option<usize>> {
    // The longest pointer so far that leads to the wanted one or to what is around it, and its line.
    let mut lines: Vec<Option<(usize, usize)>> = vec![None; pointers.len()];
    let mut note = |pointer: &str, line: usize| {
        for (wanted, found) in pointers.iter().zip(&mut lines) {
            let rest = wanted.strip_prefix(pointer);
            let is_around = *wanted == pointer
                || (!pointer.is_empty() && rest.is_some_and(|rest| rest.starts_with('/')));
            if is_around && found.is_none_or(|(length, _)| length < pointer.len()) {
                *found = Some((pointer.len(), line));
            }
        }
    };
    // Where the parser stands: the pointer of each open container, and what comes next in it.
    let mut open: Vec<(String, Next)> = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(Ok((event, span))) = parser.next_event() {
        let here = match open.last() {
            Some((base, Next::Value(key))) => format!("{base}/{}", escape(key)),
            Some((base, Next::Item(index))) => format!("{base}/{index}"),
            Some((_, Next::Key)) | None => String::new(),
        };
        match event {
            Event::MappingStart(..) => {
                note(&here, span.start.line());
                open.push((here, Next::Key));
                continue;
            }
            Event::SequenceStart(..) => {
                note(&here, span.start.line());
                open.push((here, Next::Item(0)));
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => drop(open.pop()),
            Event::Scalar(text, ..) => {
                if let Some((base, next @ Next::Key)) = open.last_mut() {
                    note(&format!("{base}/{}", escape(&text)), span.start.line());
                    *next = Next::Value(text.into_owned());
                    continue;
                }
                note(&here, span.start.line());
            }
            Event::Alias(_) => {}
            _ => continue,
        }
        match open.last_mut() {
            Some((_, next @ Next::Value(_))) => *next = Next::Key,
            Some((_, Next::Item(index))) => *index += 1,
            _ => {}
        }
    }
    lines.into_iter().map(|found| found.map(|(_, line)| line)).collect()
}

/// What an open container takes next.
enum Next {
    Key,
    Value(String),
    Item(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_its_line() {
        let text = "a:\n  b/c:\n    - x\n    - d: 1\n      e: 2\nf: 3\n";
        let rows = [("/a", 1), ("/a/b~1c", 2), ("/a/b~1c/0", 3), ("/a/b~1c/1/e", 5), ("/f", 6)];
        for (pointer, line) in rows {
            assert_eq!(lines_of(text, &[pointer]), [Some(line)], "{pointer}");
        }
        // What the text lacks is reported at what is around it.
        assert_eq!(lines_of(text, &["/a/none", "/none", ""]), [Some(1), None, Some(1)]);
    }

    #[test]
    fn json_is_located_like_yaml() {
        let text = "{\n \"a\": {\n  \"b\": [1,\n   2]\n }\n}";
        assert_eq!(lines_of(text, &["/a/b", "/a/b/1"]), [Some(3), Some(4)]);
    }
}
