//! Rows as they are answered: pages with their links, single rows, counts.

use std::borrow::Borrow;

use serde_json::{Value, json};

use super::api::Scope;
use super::config::Links;
use super::query::{Options, Row};
use super::reply::{Body, Reply};
use super::routes::{Call, Outcome};

impl Call<'_> {
    /// Answers with the rows that the query wants.
    pub(super) fn list<R: Borrow<Row>>(
        &self,
        rows: Vec<R>,
        scope: Scope<'_>,
        path: &str,
    ) -> Outcome {
        let options = Options::parse(self.query, scope, self.shared.config.cap)?;
        let rows = options.choose(rows);
        if self.counts {
            let count = rows.len().to_string().into_bytes();
            return Ok(Reply::typed(200, "text/plain", Body::Bytes(count)));
        }
        let row = |at: usize| rows.get(at).map(|row| row.borrow().clone()).unwrap_or_default();
        Ok(self.page(&options, rows.len(), row, scope, path))
    }

    /// Answers with a page out of so many rows.
    pub(super) fn page(
        &self,
        options: &Options,
        total: usize,
        row: impl Fn(usize) -> Row,
        scope: Scope<'_>,
        path: &str,
    ) -> Reply {
        let config = &self.shared.config;
        let skip = if config.ignores_skip { 0 } else { options.skip };
        let top = options.top.unwrap_or(usize::MAX).min(config.silent_cap.unwrap_or(usize::MAX));
        let last = total.min(skip.saturating_add(top));
        let size = config.page_size.unwrap_or(usize::MAX);
        let end = last.min(skip.saturating_add(size));
        let shown = |at| Value::Object(options.show(&row(at), scope));
        let rows: Vec<_> = (skip..end).map(shown).collect();
        let mut body = json!({
            "@odata.context": format!("{}/xapi/v1/$metadata#{path}", self.shared.url), "value": rows,
        });
        if options.count {
            body["@odata.count"] = json!(total);
        }
        if end < last {
            body["@odata.nextLink"] = json!(self.next_link(end, options.top.map(|_| last - end)));
        }
        Reply::json(200, &body)
    }

    /// The request's own address, further on.
    fn next_link(&self, skip: usize, top: Option<usize>) -> String {
        let path = self.request.target.split('?').next().unwrap_or_default();
        let moved = |pair: &&str| {
            let name = pair.split('=').next().unwrap_or_default();
            !["$skip", "%24skip", "$top", "%24top"].contains(&name)
        };
        let mut pairs: Vec<_> = self
            .query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .filter(moved)
            .map(str::to_owned)
            .collect();
        let (skip, top) = match &self.shared.config.links {
            Links::Loop if self.query.contains("$skip=0") => (skip, None),
            Links::Loop => (0, None),
            _ => (skip, top),
        };
        pairs.extend(top.map(|top| format!("$top={top}")));
        pairs.push(format!("$skip={skip}"));
        let query = pairs.join("&");
        match &self.shared.config.links {
            Links::Absolute | Links::Loop => format!("{}{path}?{query}", self.shared.url),
            Links::Relative => format!("{}?{query}", path.trim_start_matches("/xapi/v1/")),
            Links::Query => format!("?{query}"),
            Links::Foreign(origin) => format!("{origin}{path}?{query}"),
        }
    }

    /// Answers with one row, as the query wants it.
    pub(super) fn show(&self, row: &Row, scope: Scope<'_>, path: &str) -> Outcome {
        let options = Options::parse(self.query, scope, self.shared.config.cap)?;
        Ok(Reply::json(200, &self.shown(row, scope, path, &options)))
    }

    pub(super) fn shown(
        &self,
        row: &Row,
        scope: Scope<'_>,
        path: &str,
        options: &Options,
    ) -> Value {
        let mut shown = options.show(row, scope);
        let context = format!("{}/xapi/v1/$metadata#{path}/$entity", self.shared.url);
        shown.insert("@odata.context".to_owned(), json!(context));
        shown.insert("@odata.type".to_owned(), json!(format!("#{}", scope.entity.name)));
        Value::Object(shown)
    }
}

/// A value as it stands in a URL.
pub(super) fn literal_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => {
            format!("'{}'", super::form::percent(&text.replace('\'', "''")))
        }
        other => other.unwrap_or(&Value::Null).to_string(),
    }
}
