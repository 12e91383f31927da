//! From a request to its operation: what is open, who may do it, which route it has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::api::{Kind, Operation, Part};
use super::config::Role;
use super::literal::{self, Literal, Segment};
use super::moment::Moment;
use super::recorded::Recorded;
use super::reply::{Body, FileBytes, Reply};
use super::shared::{Shared, State};
use super::tokens::{Session, SignIn};

/// A request on its way to its handler.
pub(super) struct Call<'c> {
    pub(super) shared: &'c Shared,
    pub(super) state: &'c mut State,
    pub(super) request: &'c Recorded,
    pub(super) query: &'c str,
    pub(super) now: Moment,
    /// The number of the user who calls; none for a service principal.
    pub(super) user: Option<String>,
    /// Whether only the number of rows is wanted: `Users/$count`.
    pub(super) counts: bool,
}

/// An answer, or the reason why there is no better one.
pub(super) type Outcome = Result<Reply, Reply>;

/// The answer to a request.
pub(super) fn handle(shared: &Shared, request: &Recorded) -> Reply {
    let mut state = shared.state();
    let now = Shared::now(&state);
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let mut call =
        Call { shared, state: &mut state, request, query, now, user: None, counts: false };
    let reply = call.answer();
    if shared.config.offers_ranges { reply.in_range(request.header("range")) } else { reply }
}

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
            [Some(path), _] => self.xapi(path, session),
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

    fn xapi(&mut self, path: &str, session: Session) -> Outcome {
        let mut segments = literal::path(path).map_err(|problem| {
            Reply::error(400, &format!("Bad Request - Error in query syntax: {problem}"))
        })?;
        let Some(first) = segments.first() else { return Err(Reply::empty(404)) };
        may(&session, &first.name)?;
        self.user = session.user;
        if path == "/customPrompts" && self.is("POST") {
            return self.upload_prompt();
        }
        let count = Segment { name: "$count".to_owned(), arguments: None };
        if segments.last() == Some(&count) && self.is("GET") {
            segments.pop();
            self.counts = true;
        }
        let shared = self.shared;
        let operations = shared.api.operations.iter();
        let fitting: Vec<_> = operations.filter(|it| fits(it, &segments)).collect();
        let mut own = fitting.iter().filter(|it| it.method == self.request.method);
        let Some(operation) = own.next() else {
            return Err(match fitting.as_slice() {
                [] => self.no_route(path),
                // 3CX's own habit, seen on the agents of queues.
                [it, ..] if it.kind == Kind::Navigation && self.is("POST") => self.no_route(path),
                _ => Reply::empty(405),
            });
        };
        let matched = Matched::read(operation, &segments)?;
        self.ran(&operation.route);
        match operation.kind {
            Kind::Function | Kind::Action => self.act(&matched),
            _ => self.entities(&matched),
        }
    }

    /// A PBX says no more than 404; who tests a program wants to know why.
    fn no_route(&self, path: &str) -> Reply {
        let (method, version) = (&self.request.method, &self.shared.release.version);
        Reply::error(404, &format!("A PBX of {version} has no `{method} {path}`."))
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

/// An operation, with the values of its route's parameters.
pub(super) struct Matched<'o> {
    pub(super) operation: &'o Operation,
    pub(super) values: BTreeMap<&'o str, Literal>,
}

impl<'o> Matched<'o> {
    /// Reads the parameters. A value of another type is a bad request, and so is null.
    fn read(operation: &'o Operation, segments: &[Segment]) -> Result<Self, Reply> {
        let mut values = BTreeMap::new();
        for (part, segment) in operation.parts.iter().zip(segments) {
            let names = part.arguments.iter().flatten();
            let given = segment.arguments.iter().flatten();
            for ((_, parameter), (_, value)) in names.zip(given) {
                let Some(property) = operation.parameters.get(parameter) else { continue };
                if !value.fits(&property.ty) {
                    let problem =
                        format!("{} is expected, not {}.", property.ty.edm(), value.edm());
                    let message = format!("Bad Request - Error in query syntax: {problem}");
                    return Err(Reply::error(400, &message));
                }
                values.insert(parameter.as_str(), value.clone());
            }
        }
        Ok(Self { operation, values })
    }

    /// The key in the first part of the route: the property and its value.
    pub(super) fn key(&self) -> Option<(&'o str, Value)> {
        let part = self.operation.parts.first()?;
        let is_function = self.operation.kind == Kind::Function && self.operation.parts.len() == 1;
        match part.arguments.as_deref()? {
            [(name, parameter)] if !is_function => {
                let property = name.as_ref().unwrap_or(parameter);
                Some((property, self.values.get(parameter.as_str())?.json()))
            }
            _ => None,
        }
    }

    /// A text among the values; empty if there is none.
    pub(super) fn text(&self, parameter: &str) -> &str {
        self.values.get(parameter).map_or("", Literal::text)
    }
}

/// Whether a path has the form of an operation's route: the names, and all parameters in order.
fn fits(operation: &Operation, segments: &[Segment]) -> bool {
    let parts = &operation.parts;
    parts.len() == segments.len()
        && parts.iter().zip(segments).all(|(part, it)| part_fits(part, it))
}

fn part_fits(part: &Part, segment: &Segment) -> bool {
    if part.name != segment.name {
        return false;
    }
    let (Some(wanted), Some(given)) = (&part.arguments, &segment.arguments) else {
        return part.arguments.is_none() && segment.arguments.is_none();
    };
    let named = |(wanted, parameter): &(Option<String>, String), given: &Option<String>| {
        // A key may be named or not.
        given == wanted || (wanted.is_none() && given.as_ref() == Some(parameter))
    };
    wanted.len() == given.len() && wanted.iter().zip(given).all(|(it, (name, _))| named(it, name))
}
