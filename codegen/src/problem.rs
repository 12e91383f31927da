//! What is wrong with a document: where it is, and what to do about it.

use std::fmt;

use crate::pointer::{escape, lines_of};

/// One thing that is wrong, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The JSON pointer (RFC 6901) of the place; empty for the document as a whole.
    pub pointer: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// All problems found in one source. Never empty.
#[derive(Clone, Debug)]
pub struct Problems {
    /// The source: a file's path, or a word for data without a file.
    pub source: String,
    /// The problems with the line each stands on, where that is known.
    pub list: Vec<(Problem, Option<usize>)>,
}

/// The number of problems that are printed. The rest is counted.
const PRINTED: usize = 12;

impl Problems {
    /// A problem of the source as a whole.
    pub fn whole(source: impl Into<String>, message: impl Into<String>) -> Self {
        let problem = Problem { pointer: String::new(), message: message.into() };
        Self { source: source.into(), list: vec![(problem, None)] }
    }

    /// The problems found in `text`, each once with its line.
    pub fn located(source: &str, text: &str, problems: Vec<Problem>) -> Self {
        let mut known = std::collections::HashSet::new();
        let mut problems = problems;
        problems.retain(|it| known.insert((it.pointer.clone(), it.message.clone())));
        let pointers: Vec<&str> =
            problems.iter().take(PRINTED).map(|problem| problem.pointer.as_str()).collect();
        let mut lines = lines_of(text, &pointers).into_iter();
        let list = problems.into_iter().map(|problem| (problem, lines.next().flatten())).collect();
        Self { source: source.to_owned(), list }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (problem, line)) in self.list.iter().take(PRINTED).enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", self.source)?;
            if let Some(line) = line {
                write!(f, ":{line}")?;
            }
            if !problem.pointer.is_empty() {
                write!(f, " at {}", problem.pointer)?;
            }
            write!(f, ": {}", problem.message)?;
        }
        match self.list.len().saturating_sub(PRINTED) {
            0 => Ok(()),
            more => write!(f, "\n… and {more} more problems of {}", self.source),
        }
    }
}

impl std::error::Error for Problems {}

/// A place in a document while it is walked. It lives on the stack: the pointer is spelled out only
/// when there is a problem to report.
#[derive(Clone, Copy)]
pub struct At<'a> {
    parent: Option<&'a At<'a>>,
    segment: Segment<'a>,
}

#[derive(Clone, Copy)]
enum Segment<'a> {
    Key(&'a str),
    Index(usize),
    /// A pointer that is spelled out already.
    Spelled(&'a str),
}

impl<'a> At<'a> {
    /// A top-level key of the document.
    pub fn top(key: &'a str) -> Self {
        Self { parent: None, segment: Segment::Key(key) }
    }

    /// A place whose pointer is spelled out already.
    pub fn spelled(pointer: &'a str) -> Self {
        Self { parent: None, segment: Segment::Spelled(pointer) }
    }

    /// A key below this place.
    pub fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), segment: Segment::Key(key) }
    }

    /// An element of the list at this place.
    pub fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), segment: Segment::Index(index) }
    }

    /// A construct here that the client can't express.
    pub fn refused(&self, what: impl fmt::Display) -> Problem {
        self.problem(format!(
            "{what}, which the client can't express; take it out of the document, or teach it to \
             `codegen/src/model`"
        ))
    }

    /// A problem here.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { pointer: self.to_string(), message: message.into() }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.segment {
            Segment::Key(key) => write!(f, "/{}", escape(key)),
            Segment::Index(index) => write!(f, "/{index}"),
            Segment::Spelled(pointer) => f.write_str(pointer),
        }
    }
}
