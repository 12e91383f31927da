//! What a task knows of its contacts, and how that compares with what is seen of them.

use serde_json::Value;
use threecx_xapi::entities::Contact;

/// A contact that a task has made.
pub(super) struct Row {
    /// Unknown until an answer or an audit tells.
    pub(super) id: Option<i32>,
    /// Its first name: no other contact has it.
    pub(super) marker: String,
    /// What its title may be, `None` if it may not be there: more than one after a write whose answer got lost.
    pub(super) may_be: Vec<Option<String>>,
}

impl Row {
    /// Id and title, if both are certain.
    pub(super) fn certain(&self) -> Option<(i32, &str)> {
        match (self.id, &*self.may_be) {
            (Some(id), [Some(title)]) => Some((id, title)),
            _ => None,
        }
    }

    pub(super) fn allows(&self, title: Option<&str>) -> bool {
        self.may_be.iter().any(|it| it.as_deref() == title)
    }
}

/// A contact as it is seen.
pub(super) struct Seen {
    pub(super) id: Option<i32>,
    pub(super) company: String,
    pub(super) marker: String,
    pub(super) title: String,
}

impl Seen {
    pub(super) fn of_json(row: &Value) -> Self {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let id = row["Id"].as_i64().and_then(|id| i32::try_from(id).ok());
        let (company, marker, title) = (text("CompanyName"), text("FirstName"), text("Title"));
        Self { id, company, marker, title }
    }

    pub(super) fn of(row: &Contact) -> Self {
        Self {
            id: row.id,
            company: row.company_name.clone().unwrap_or_default(),
            marker: row.first_name.clone().unwrap_or_default(),
            title: row.title.clone().unwrap_or_default(),
        }
    }
}

/// Compares all contacts that are seen of a task with those that it knows.
pub(super) fn compare(known: &[Row], seen: &[&Seen]) -> Result<(), String> {
    for row in known {
        let count = seen.iter().filter(|it| it.marker == row.marker).count();
        if count > 1 {
            return Err(format!("contact {} is there {count} times", row.marker));
        }
        if count == 0 && !row.allows(None) {
            return Err(format!("contact {} is missing", row.marker));
        }
    }
    seen.iter().try_for_each(|seen| compare_one(known, seen))
}

/// Compares a contact with what is known of it.
pub(super) fn compare_one(known: &[Row], seen: &Seen) -> Result<(), String> {
    let (marker, title) = (&seen.marker, &seen.title);
    let Some(row) = known.iter().find(|row| row.marker == *marker) else {
        return Err(format!("contact {marker} ({:?}) is there, but was deleted", seen.id));
    };
    if row.id.is_some_and(|id| Some(id) != seen.id) {
        return Err(format!("contact {marker} has the id {:?}, not {:?}", seen.id, row.id));
    }
    if !row.allows(Some(title)) {
        return Err(format!("the title of {marker} is {title:?}, not of {:?}", row.may_be));
    }
    Ok(())
}

/// Takes what is seen for certain.
pub(super) fn settle(known: &mut Vec<Row>, seen: &[&Seen]) {
    known.retain_mut(|row| {
        let seen = seen.iter().find(|it| it.marker == row.marker);
        if let Some(seen) = seen {
            row.id = seen.id;
            row.may_be = vec![Some(seen.title.clone())];
        }
        seen.is_some()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: Option<i32>, may_be: &[Option<&str>]) -> Row {
        let may_be = may_be.iter().map(|it| it.map(str::to_owned)).collect();
        Row { id, marker: "a".to_owned(), may_be }
    }

    fn seen(id: i32, marker: &str, title: &str) -> Seen {
        let (marker, title) = (marker.to_owned(), title.to_owned());
        Seen { id: Some(id), company: String::new(), marker, title }
    }

    #[test]
    fn what_is_seen_is_what_is_known_or_an_error() {
        let lost = || row(Some(1), &[Some("old"), Some("new")]);
        for (known, found, problem) in [
            (row(Some(1), &[Some("old")]), vec![seen(1, "a", "old")], ""),
            (row(None, &[Some("old"), None]), vec![seen(1, "a", "old")], ""),
            (row(None, &[Some("old"), None]), vec![], ""),
            (lost(), vec![seen(1, "a", "old")], ""),
            (lost(), vec![seen(1, "a", "new")], ""),
            (lost(), vec![seen(1, "a", "other")], "the title of a is"),
            (lost(), vec![], "contact a is missing"),
            (lost(), vec![seen(2, "a", "old")], "has the id"),
            (lost(), vec![seen(1, "a", "old"), seen(1, "a", "old")], "is there 2 times"),
            (lost(), vec![seen(1, "a", "old"), seen(2, "b", "old")], "but was deleted"),
        ] {
            let outcome = compare(&[known], &found.iter().collect::<Vec<_>>());
            match outcome {
                Ok(()) => assert_eq!(problem, "", "{} rows", found.len()),
                Err(error) => assert!(!problem.is_empty() && error.contains(problem), "{error}"),
            }
        }
    }

    #[test]
    fn an_audit_makes_certain_what_was_not() {
        let made = || row(None, &[Some("old"), None]);
        let mut known = vec![made()];
        settle(&mut known, &[&seen(7, "a", "old")]);
        assert_eq!(known[0].certain(), Some((7, "old")));
        known = vec![made()];
        settle(&mut known, &[]);
        assert!(known.is_empty());
    }
}
