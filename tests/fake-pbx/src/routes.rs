//! From a request to its handler: what is open, who may do it, which collection it concerns.

use std::borrow::Borrow;

use serde_json::{Value, json};

use super::calls;
use super::config::{Links, Role};
use super::literal::{self, Literal, Segment};
use super::moment::Moment;
use super::query::{Options, Row};
use super::reply::{Body, FileBytes, Reply};
use super::shape::{self, Kind, Release, Shape};
use super::store::{RULES, Rules, not_found};
use super::tokens::{Session, SignIn};
use super::{Shared, State};
use crate::recorded::Recorded;

/// A request on its way to its handler.
pub(super) struct Call<'c> {
    pub(super) shared: &'c Shared,
    pub(super) state: &'c mut State,
    pub(super) request: &'c Recorded,
    pub(super) query: &'c str,
    pub(super) now: Moment,
}

/// An answer, or the reason why there is no better one.
pub(super) type Outcome = Result<Reply, Reply>;

impl Call<'_> {
    pub(super) fn answer(&mut self) -> Reply {
        self.dispatch().unwrap_or_else(|refusal| refusal)
    }

    fn dispatch(&mut self) -> Outcome {
        let path = self.request.target.split('?').next().unwrap_or_default();
        let known = ["/connect/token", "/connect/authorize", "/webclient/api/Login/GetAccessToken"];
        if let Some(path) = known.into_iter().find(|known| *known == path) {
            return self.sign_in(path);
        }
        let below = ["/xapi/v1", "/downloads"].map(|root| path.strip_prefix(root));
        let below = below.map(|rest| rest.filter(|it| it.is_empty() || it.starts_with('/')));
        if below == [None, None] {
            return Err(Reply::empty(404));
        }
        let session = self.state.tokens.session(self.request, self.now).cloned();
        let session = session.ok_or_else(|| {
            Reply::empty(401).with("WWW-Authenticate", "Bearer error=\"invalid_token\"")
        })?;
        match below {
            [Some(path), _] => self.xapi(path, &session),
            [_, path] => self.download(path.unwrap_or_default()),
        }
    }

    fn sign_in(&mut self, path: &str) -> Outcome {
        let (shared, release) = (self.shared, &self.shared.release);
        let pbx = SignIn { config: &shared.config, release, now: self.now, url: &shared.url };
        match (self.request.method.as_str(), path) {
            ("POST", "/connect/token") => {
                self.ran(path);
                Ok(self.state.tokens.token(&pbx, self.request))
            }
            ("POST", "/webclient/api/Login/GetAccessToken") => {
                self.ran(path);
                Ok(self.state.tokens.login(&pbx, self.request))
            }
            ("GET", "/connect/authorize") if release.update >= 10 => {
                self.ran(path);
                Ok(self.state.tokens.authorize(&pbx, self.query))
            }
            (_, "/connect/authorize") => Err(Reply::empty(404)),
            _ => Err(Reply::empty(405)),
        }
    }

    /// Counts that a handler runs.
    pub(super) fn ran(&mut self, route: &str) {
        let route = format!("{} {route}", self.request.method);
        *self.state.handled.entry(route).or_default() += 1;
    }

    pub(super) fn is(&self, method: &str) -> bool {
        self.request.method == method
    }

    fn xapi(&mut self, path: &str, session: &Session) -> Outcome {
        let segments = literal::path(path).map_err(|problem| {
            Reply::error(400, &format!("Bad Request - Error in query syntax: {problem}"))
        })?;
        let Some((first, rest)) = segments.split_first() else { return Err(Reply::empty(404)) };
        may(session, &first.name)?;
        if let Some(rules) = RULES.iter().find(|rules| rules.path == first.name) {
            return match (&first.arguments, rest) {
                (None, []) => self.collection(rules),
                (None, [bound]) => self.bound(rules, bound),
                (Some(key), []) => self.entity(rules, key),
                (Some(key), [bound]) => self.bound_to_entity(rules, key, bound),
                _ => Err(Reply::empty(404)),
            };
        }
        match (first.name.as_str(), &first.arguments, rest) {
            ("Defs", None, []) if self.is("GET") => {
                self.ran("/Defs");
                let row = Row::from_iter([("Id".to_owned(), json!(0))]);
                self.show(&row, &shape::DEFS, "Defs")
            }
            ("MyUser", None, []) if self.is("GET") => {
                self.ran("/MyUser");
                let number = json!(session.user);
                let row = self.state.store.find("Users", "Number", &number).cloned();
                self.show(&row.ok_or_else(not_found)?, &shape::USER, "MyUser")
            }
            ("MyGroup", None, []) if self.is("GET") => {
                self.ran("/MyGroup");
                let row = self.state.store.find("Groups", "Id", &json!(41)).cloned();
                self.show(&row.ok_or_else(not_found)?, &shape::GROUP, "MyGroup")
            }
            ("ReportCallLogData", None, [function]) => calls::call_log(self, function),
            ("customPrompts", None, []) if self.is("POST") => self.upload_prompt(),
            _ => Err(Reply::empty(404)),
        }
    }

    fn collection(&mut self, rules: &'static Rules) -> Outcome {
        let route = format!("/{}", rules.path);
        match self.request.method.as_str() {
            "GET" => {
                self.ran(&route);
                if rules.path == "Backups" {
                    self.state.store.poll_backups();
                }
                // By reference: a large collection is listed often.
                let rows = self.state.store.rows(rules.path).iter().collect();
                self.list(rows, rules.shape, rules.path)
            }
            "POST" if rules.writes.contains(&"POST") => {
                self.ran(&route);
                let row = self.body("delta")?;
                let row = self.state.store.create(rules, row, &self.shared.release)?;
                let key = literal_of(row.get(rules.key));
                let location = format!("{}/xapi/v1/{}({key})", self.shared.url, rules.path);
                // A created row is shown as it would be by itself.
                let shown = self.shown(&row, rules.shape, rules.path, &Options::default());
                Ok(Reply::json(201, &shown).with("Location", &location))
            }
            _ => Err(Reply::empty(405)),
        }
    }

    fn entity(
        &mut self,
        rules: &'static Rules,
        arguments: &[(Option<String>, Literal)],
    ) -> Outcome {
        let (property, key) = self.key(rules, arguments)?;
        let named = if property == rules.key { "" } else { "Number=" };
        let route = format!("/{}({named}{{{property}}})", rules.path);
        let writes = property == rules.key && rules.writes.contains(&self.request.method.as_str());
        match self.request.method.as_str() {
            "GET" if rules.path != "Backups" => {
                self.ran(&route);
                let row = self.state.store.find(rules.path, property, &key).cloned();
                self.show(&row.ok_or_else(not_found)?, rules.shape, rules.path)
            }
            "PATCH" if writes => {
                self.ran(&route);
                let change = self.body("delta")?;
                self.state.store.update(rules, &key, change, &self.shared.release)?;
                Ok(Reply::empty(204))
            }
            "DELETE" if writes => {
                self.ran(&route);
                self.state.store.delete(rules, &key)?;
                Ok(Reply::empty(204))
            }
            _ => Err(Reply::empty(405)),
        }
    }

    /// Reads the key of a row: the property that it names, and its value.
    pub(super) fn key(
        &self,
        rules: &'static Rules,
        arguments: &[(Option<String>, Literal)],
    ) -> Result<(&'static str, Value), Reply> {
        let [(name, value)] = arguments else { return Err(Reply::empty(404)) };
        // The alternate key came with 20.0.8.
        let by_number = rules.by_number.is_some() && self.shared.release.update >= 8;
        let property = match name.as_deref() {
            None => rules.key,
            Some(name) if name == rules.key => rules.key,
            Some("Number") if by_number => "Number",
            Some(_) => return Err(Reply::empty(404)),
        };
        match (property, value) {
            ("Id", Literal::Integer(id)) => Ok((property, json!(id))),
            ("Id", _) => Err(bad_literal(value, Kind::Integer)),
            (_, Literal::Text(text)) => Ok((property, json!(text))),
            _ => Err(bad_literal(value, Kind::Text)),
        }
    }

    /// The body as an object; what the PBX calls the parameter that holds it.
    pub(super) fn body(&self, parameter: &str) -> Result<Row, Reply> {
        match self.request.json() {
            Value::Object(row) => Ok(row),
            _ => Err(Reply::required(parameter)),
        }
    }

    /// Answers with the rows that the query wants.
    pub(super) fn list<R: Borrow<Row>>(
        &self,
        rows: Vec<R>,
        shape: &'static Shape,
        path: &str,
    ) -> Outcome {
        let cap = self.shared.config.cap;
        let options = Options::parse(self.query, shape, &self.shared.release, cap)?;
        let rows = options.choose(rows);
        let row = |at: usize| rows.get(at).map(|row| row.borrow().clone()).unwrap_or_default();
        Ok(self.page(&options, rows.len(), row, shape, path))
    }

    /// Answers with a page out of so many rows.
    pub(super) fn page(
        &self,
        options: &Options,
        total: usize,
        row: impl Fn(usize) -> Row,
        shape: &'static Shape,
        path: &str,
    ) -> Reply {
        let (config, release) = (&self.shared.config, &self.shared.release);
        let skip = if config.ignores_skip { 0 } else { options.skip };
        let top = options.top.unwrap_or(usize::MAX).min(config.silent_cap.unwrap_or(usize::MAX));
        let last = total.min(skip.saturating_add(top));
        let size = config.page_size.unwrap_or(usize::MAX);
        let end = last.min(skip.saturating_add(size));
        let shown = |at| Value::Object(options.projection.show(&row(at), shape, release));
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
    pub(super) fn show(&self, row: &Row, shape: &'static Shape, path: &str) -> Outcome {
        let options =
            Options::parse(self.query, shape, &self.shared.release, self.shared.config.cap)?;
        Ok(Reply::json(200, &self.shown(row, shape, path, &options)))
    }

    pub(super) fn shown(
        &self,
        row: &Row,
        shape: &'static Shape,
        path: &str,
        options: &Options,
    ) -> Value {
        let mut shown = options.projection.show(row, shape, &self.shared.release);
        let context = format!("{}/xapi/v1/$metadata#{path}/$entity", self.shared.url);
        shown.insert("@odata.context".to_owned(), json!(context));
        shown.insert("@odata.type".to_owned(), json!(format!("#{}", shape.name)));
        Value::Object(shown)
    }

    /// A file at a link that the PBX gave out.
    fn download(&mut self, path: &str) -> Outcome {
        let name = literal::decode(path).unwrap_or_default();
        let attachment = |reply: Reply, name: &str| {
            reply.with("Content-Disposition", &format!("attachment; filename=\"{name}\""))
        };
        if let Some(name) = name.strip_prefix("/backups/") {
            self.ran("/downloads/backups/{FileName}");
            let row = self.state.store.find("Backups", "FileName", &json!(name));
            let ready = row.is_some_and(|row| row.contains_key("DownloadLink"));
            let body = Body::File(FileBytes::new(0, self.shared.config.backup_size));
            return if ready {
                Ok(attachment(Reply::typed(200, "application/zip", body), name))
            } else {
                Err(Reply::empty(404))
            };
        }
        let name = name.strip_prefix("/prompts/").ok_or_else(|| Reply::empty(404))?;
        self.ran("/downloads/prompts/{name}");
        let bytes = self.state.prompts.get(name).ok_or_else(|| Reply::empty(404))?;
        Ok(attachment(Reply::typed(200, "audio/x-wav", Body::Bytes(bytes.clone())), name))
    }
}

/// Refuses, without a word, what somebody may not do.
fn may(session: &Session, resource: &str) -> Result<(), Reply> {
    let own = ["MyUser", "MyGroup"].contains(&resource);
    let guarded = ["CallHistoryView", "ReportCallLogData", "Recordings"].contains(&resource);
    let allowed = match session.role {
        _ if own => session.user.is_some(),
        Role::Owner => true,
        Role::Admin => !guarded,
        Role::User => false,
    };
    if allowed { Ok(()) } else { Err(Reply::empty(403)) }
}

/// A value that is not what the parameter wants.
fn bad_literal(value: &Literal, wanted: Kind) -> Reply {
    let problem = format!("{} is expected, not {}.", wanted.edm(), value.edm());
    Reply::error(400, &format!("Bad Request - Error in query syntax: {problem}"))
}

fn literal_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => {
            format!("'{}'", super::form::percent(&text.replace('\'', "''")))
        }
        other => other.unwrap_or(&Value::Null).to_string(),
    }
}

/// Reads the parameters of a function: all of them, by name, in order, else there is no such route.
pub(super) fn parameters<const N: usize>(
    function: &Segment,
    wanted: [(&str, Kind); N],
) -> Result<[Literal; N], Reply> {
    let given = function.arguments.as_ref().ok_or_else(|| Reply::empty(404))?;
    let names = given.iter().map(|(name, _)| name.as_deref().unwrap_or_default());
    if !names.eq(wanted.iter().map(|(name, _)| *name)) {
        return Err(Reply::empty(404));
    }
    for ((_, value), (_, kind)) in given.iter().zip(wanted) {
        if *value == Literal::Null || !kind.takes(value) {
            return Err(bad_literal(value, kind));
        }
    }
    Ok(std::array::from_fn(|at| given.get(at).map_or(Literal::Null, |(_, value)| value.clone())))
}

/// Whether a release has something that came with an update.
pub(super) fn since(release: &Release, update: u32) -> Result<(), Reply> {
    if release.update >= update { Ok(()) } else { Err(Reply::empty(404)) }
}
