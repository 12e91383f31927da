//! A strict reader of what a request's path and query may look like, byte for byte: what is raw, what is
//! percent-encoded, and that nothing is encoded twice. It knows OData's rules and nothing of the client.
//!
//! Inside a string of a path or a query, and inside a phrase of `$search`, only the unreserved characters
//! are raw, and the quotes that end the string or stand doubled in it. Outside of them OData's own
//! punctuation is raw, and only a space and a plus are encoded. The semicolon between the options of an
//! expansion may be either, as OASIS' grammar says.

/// What is wrong with a request's path and query; the first fault ends the reading.
pub(super) fn check(target: &str) -> Result<(), String> {
    let (path, query) = target.split_once('?').map_or((target, None), |(p, q)| (p, Some(q)));
    Reader { rest: path, in_path: true }.path().map_err(|it| format!("path: {it}"))?;
    let mut names = Vec::new();
    for option in query.into_iter().flat_map(|it| it.split('&')) {
        let (name, value) = option.split_once('=').ok_or_else(|| format!("`{option}`: no `=`"))?;
        if names.contains(&name) {
            return Err(format!("{name} stands twice"));
        }
        names.push(name);
        let mut reader = Reader { rest: value, in_path: false };
        let read = reader.option(name).and_then(|()| reader.end());
        read.map_err(|it| format!("{name}: {it}"))?;
    }
    Ok(())
}

struct Reader<'t> {
    rest: &'t str,
    /// In a path a quote is raw; in a query it may be encoded.
    in_path: bool,
}

type Read<T> = Result<T, String>;

/// The characters that mean nothing to URLs and OData.
fn is_unreserved(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~".contains(c)
}

impl Reader<'_> {
    /// Segments with keys and arguments.
    fn path(&mut self) -> Read<()> {
        self.expression("/,:=$", &[])?;
        self.end()
    }

    /// The value of a query option, to its end or to the end of the option inside of an expansion.
    fn option(&mut self, name: &str) -> Read<()> {
        match name {
            "$filter" | "$orderby" | "$select" => self.expression("/,:*$@", &[";", "%3B"]),
            "$expand" => self.expansion(),
            "$search" => self.search(),
            "$top" | "$skip" => self.word(|c| c.is_ascii_digit()),
            "$count" => self.word(|c| c.is_ascii_lowercase()),
            _ => Err("no query option of OData's".to_owned()),
        }
    }

    /// Names, each with its options in parentheses, where it has any.
    fn expansion(&mut self) -> Read<()> {
        loop {
            self.word(|c| is_unreserved(c) || "/*$".contains(c))?;
            if self.takes("(") {
                loop {
                    let name = self.rest.split(['=', '%', ';', ')']).next().unwrap_or_default();
                    self.rest = self.rest.strip_prefix(name).unwrap_or_default();
                    self.expect("=")?;
                    self.option(name).map_err(|it| format!("{name}: {it}"))?;
                    if !self.takes(";") && !self.takes("%3B") {
                        break;
                    }
                }
                self.expect(")")?;
            }
            if !self.takes(",") {
                return Ok(());
            }
        }
    }

    /// An expression with its strings: to its end, or to one of `ends` or a closing parenthesis that it did not
    /// open. `raw` is the punctuation that it may have.
    fn expression(&mut self, raw: &str, ends: &[&str]) -> Read<()> {
        let mut open = 0_usize;
        while let Some(c) = self.rest.chars().next() {
            if self.takes_quote() {
                self.string()?;
                continue;
            }
            if open == 0 && ends.iter().chain([&")"]).any(|it| self.rest.starts_with(it)) {
                return Ok(());
            }
            match c {
                '(' => open += 1,
                ')' => open -= 1,
                '%' => match self.encoded()? {
                    b' ' | b'+' => continue,
                    byte => return Err(format!("%{byte:02X} outside of a string")),
                },
                _ if is_unreserved(c) || raw.contains(c) => {}
                _ => return Err(format!("a raw `{c}`")),
            }
            self.rest = &self.rest[c.len_utf8()..];
        }
        if open > 0 { Err("a parenthesis stays open".to_owned()) } else { Ok(()) }
    }

    /// A string from after its first quote to its last.
    fn string(&mut self) -> Read<()> {
        let mut text = Vec::new();
        loop {
            if self.takes_quote() && !self.takes_quote() {
                return whole(text);
            }
            self.character(&mut text)?;
        }
    }

    /// Phrases and words.
    fn search(&mut self) -> Read<()> {
        let mut text = Vec::new();
        let ends = [";", "%3B", ")"];
        while !self.rest.is_empty() && !ends.iter().any(|it| self.rest.starts_with(it)) {
            if !self.takes("%22") {
                self.character(&mut text)?;
                continue;
            }
            while !self.takes("%22") {
                // What is escaped may be a quote.
                self.takes("%5C");
                self.character(&mut text)?;
            }
        }
        whole(text)
    }

    /// A character of a string or phrase.
    fn character(&mut self, text: &mut Vec<u8>) -> Read<()> {
        match self.rest.chars().next() {
            None => return Err("a string or phrase stays open".to_owned()),
            Some('%') => text.push(self.encoded()?),
            Some(c) if is_unreserved(c) => {
                text.push(c as u8);
                self.rest = &self.rest[1..];
            }
            // The second quote of two was read with the first.
            Some(c) => return Err(format!("a raw `{c}` in a string or phrase")),
        }
        Ok(())
    }

    /// An encoded byte: one that must be encoded, in upper case.
    fn encoded(&mut self) -> Read<u8> {
        let digits = self.rest.get(1..3).ok_or("a % at the end")?;
        if !digits.bytes().all(|it| matches!(it, b'0'..=b'9' | b'A'..=b'F')) {
            return Err(format!("%{digits} is no encoding in upper case"));
        }
        let byte = u8::from_str_radix(digits, 16).map_err(|it| it.to_string())?;
        if is_unreserved(char::from(byte)) {
            return Err(format!("%{digits} need not be encoded"));
        }
        if self.in_path && byte == b'\'' {
            return Err("a quote is raw in a path".to_owned());
        }
        self.rest = &self.rest[3..];
        Ok(byte)
    }

    fn takes_quote(&mut self) -> bool {
        self.takes("'") || (!self.in_path && self.takes("%27"))
    }

    fn takes(&mut self, text: &str) -> bool {
        let after = self.rest.strip_prefix(text);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn expect(&mut self, text: &str) -> Read<()> {
        if self.takes(text) {
            Ok(())
        } else {
            Err(format!("`{text}` is missing at `{}`", self.rest))
        }
    }

    fn word(&mut self, is_part: impl Fn(char) -> bool) -> Read<()> {
        let after = self.rest.trim_start_matches(is_part);
        if after.len() == self.rest.len() {
            return Err(format!("nothing fits at `{after}`"));
        }
        self.rest = after;
        Ok(())
    }

    fn end(&self) -> Read<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(format!("`{}` is left", self.rest)) }
    }
}

/// The text of a string or phrase, decoded once. It is UTF-8, and no encoding that a client would have made is
/// in it: our samples have none.
fn whole(text: Vec<u8>) -> Read<()> {
    let text = String::from_utf8(text).map_err(|_| "what is encoded is not UTF-8")?;
    for (place, _) in text.match_indices('%') {
        let byte = text.get(place + 1..place + 3).and_then(|it| u8::from_str_radix(it, 16).ok());
        if byte.is_some_and(|it| !is_unreserved(char::from(it))) {
            return Err(format!("`{text}` is encoded twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_as_odata_wants_is_right() {
        for target in [
            "/xapi/v1/Users",
            "/xapi/v1/Users(-1)/Groups/$count",
            "/xapi/v1/Users(Number='O''Brien%20%26%20S%C3%B6hne%2F1%20%2541')",
            "/xapi/v1/R/Pbx.F(a='',b=2026-02-01T00:00:00%2B02:00,c=true)?$top=5&$count=true",
            "/xapi/v1/Users?$filter=contains(Name,'a''%2F')%20and%20Id%20in%20(1,-2)",
            "/xapi/v1/Users?$filter=Name%20eq%20%27a%27%27%2F%27&$orderby=Name%20desc,Id",
            "/xapi/v1/Users?$search=%22a%20%5C%22b%27%22&$select=*,Id",
            "/xapi/v1/Users?$expand=G($filter=N%20eq%20%27a%3B%29%27;$expand=R($top=5);$search=%22a%22),H",
            "/xapi/v1/Users?$expand=G($top=5%3B$search=%22a%22%3B$filter=N%20eq%20'%3B'%3B$count=true)",
            "/xapi/v1/Users?$filter=G/any(g:g/Id%20eq%201)",
        ] {
            assert_eq!(check(target), Ok(()), "{target}");
        }
    }

    #[test]
    fn what_is_encoded_otherwise_is_named() {
        for (target, fault) in [
            ("/Users('a/b')", "path: a raw `/` in a string or phrase"),
            ("/Users('a b')", "path: a raw ` ` in a string or phrase"),
            ("/Users('a+b')", "path: a raw `+` in a string or phrase"),
            ("/Users('a%2fb')", "path: %2f is no encoding in upper case"),
            ("/Users('%41')", "path: %41 need not be encoded"),
            ("/Users('%C3')", "path: what is encoded is not UTF-8"),
            ("/Users('a%2520b')", "path: `a%20b` is encoded twice"),
            ("/Users(%27a%27)", "path: a quote is raw in a path"),
            ("/Users(a%3D1)", "path: %3D outside of a string"),
            ("/Users('a'b')", "path: a raw `)` in a string or phrase"),
            ("/Users('a", "path: a string or phrase stays open"),
            ("/Users(1))", "path: `)` is left"),
            ("/Users(1", "path: a parenthesis stays open"),
            ("/Users?$filter=a+eq+1", "$filter: a raw `+`"),
            ("/Users?$filter=a%20eq%20'b,c'", "$filter: a raw `,` in a string or phrase"),
            ("/Users?$filter=a%2Fb%20eq%201", "$filter: %2F outside of a string"),
            ("/Users?$filter=a=1", "$filter: a raw `=`"),
            ("/Users?$filter=a;b", "$filter: `;b` is left"),
            ("/Users?$filter=a%3Bb", "$filter: `%3Bb` is left"),
            ("/Users?$search=%22a", "$search: a string or phrase stays open"),
            ("/Users?$search=\"a\"", "$search: a raw `\"` in a string or phrase"),
            ("/Users?$search=%22a%22;$top=1", "$search: `;$top=1` is left"),
            ("/Users?$search=%22a%2522%22", "$search: `a%22` is encoded twice"),
            ("/Users?$expand=G($top%3D1)", "$expand: `=` is missing at `%3D1)`"),
            ("/Users?$expand=G($top=1", "$expand: `)` is missing at ``"),
            (
                "/Users?$expand=G($filter=a%20eq%20'b;c')",
                "$expand: $filter: a raw `;` in a string or phrase",
            ),
            ("/Users?$top=1&$top=2", "$top stands twice"),
            ("/Users?$top=", "$top: nothing fits at ``"),
            ("/Users?top=1", "top: no query option of OData's"),
        ] {
            assert_eq!(check(target), Err(fault.to_owned()), "{target}");
        }
    }
}
