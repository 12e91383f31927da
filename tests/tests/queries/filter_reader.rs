//! Filters against a reader that this project did not write: random trees are printed, and what it
//! reads must be the tree that was meant.
//!
//! The reader is odata-query (PyPI), which `.ci/run` installs. What it can't read of OData is not
//! drawn here but stands in the table of `filters.rs`:
//! - a list of one (`Id in (1)`): its grammar asks for two;
//! - years before 1000 (`0001-01-01T00:00:00Z`): it takes their zeros for other numbers.

use std::io::Write;
use std::process::{Command, Stdio};

use fastrand::Rng;
use serde_json::{Value, json};
use threecx_xapi::edm::{Date, DateTimeOffset, Decimal, Double, Duration, Guid, TimeOfDay};
use threecx_xapi::entities::{Rights, User, UserGroup};
use threecx_xapi::filter::{Condition, Expression, Filter, Operand};
use threecx_xapi::{Property, filter::Path};

const FILTERS: usize = 10_000;
/// Any seed will do; a fixed one makes a failure come again.
const SEED: u64 = 20_260_611;

type Drawn = (Filter<User>, Value);
type Typed<T> = (Expression<User, T>, Value);

#[test]
fn an_independent_reader_reads_the_tree_that_was_meant() {
    let check = "random filters through an independent reader";
    let Some(python) = tests::python("odata_query", check) else { return };
    let mut maker = Maker { rng: Rng::with_seed(SEED), groups: Vec::new() };
    let mut lines = String::new();
    for _ in 0..FILTERS {
        let depth = maker.rng.usize(1..=5);
        let (filter, tree) = maker.condition(depth);
        lines += &json!({ "text": filter.to_string(), "tree": tree }).to_string();
        lines.push('\n');
    }
    let script = tests::root().join("tests/judges/read_filters.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim_end(), format!("{FILTERS} read, 0 wrong"));
}

/// Draws filters together with the trees that they are meant to be.
struct Maker {
    rng: Rng,
    /// The elements of the lambdas around.
    groups: Vec<Path<User, UserGroup>>,
}

impl Maker {
    fn condition(&mut self, depth: usize) -> Drawn {
        if depth == 0 {
            return self.leaf();
        }
        match self.rng.u8(0..12) {
            0..=2 => {
                let ((left, l), (right, r)) =
                    (self.condition(depth - 1), self.condition(depth - 1));
                (left.and(right), json!({ "and": [l, r] }))
            }
            3..=5 => {
                let ((left, l), (right, r)) =
                    (self.condition(depth - 1), self.condition(depth - 1));
                (left.or(right), json!({ "or": [l, r] }))
            }
            6 => {
                let (inner, tree) = self.condition(depth - 1);
                (!inner, json!({ "not": [tree] }))
            }
            7 => self.lambda(depth),
            8 => {
                let operands = (self.integer(depth - 1), self.integer(depth - 1));
                self.compare(operands)
            }
            9 => {
                let operands = (self.text(depth - 1), self.text(depth - 1));
                self.compare(operands)
            }
            10 => self.list(depth),
            _ => self.leaf(),
        }
    }

    fn leaf(&mut self) -> Drawn {
        match self.rng.u8(0..9) {
            0 => (User::ENABLED.into_filter(), json!({ "path": ["Enabled"] })),
            1 => {
                let (text, tree) = self.text(0);
                (text.is_null(), json!({ "eq": [tree, { "value": "null" }] }))
            }
            2 => {
                let (number, tree) = self.integer(0);
                (number.is_not_null(), json!({ "ne": [tree, { "value": "null" }] }))
            }
            3 => {
                let ((text, t), (part, p)) = (self.text(1), self.text(0));
                match self.rng.u8(0..3) {
                    0 => (text.contains(part), json!({ "contains": [t, p] })),
                    1 => (text.starts_with(part), json!({ "startswith": [t, p] })),
                    _ => (text.ends_with(part), json!({ "endswith": [t, p] })),
                }
            }
            4 => {
                let operands = (self.moment(), self.moment());
                self.compare(operands)
            }
            5 => {
                let operands = (self.decimal(), self.decimal());
                self.compare(operands)
            }
            6 => self.other_types(),
            7 => (User::GROUPS.is_not_empty(), json!({ "any": [{ "path": ["Groups"] }] })),
            _ => {
                let operands = (self.integer(1), self.integer(0));
                self.compare(operands)
            }
        }
    }

    fn compare<T: threecx_xapi::filter::Ordered>(
        &mut self,
        ((left, l), (right, r)): (Typed<T>, Typed<T>),
    ) -> Drawn {
        match self.rng.u8(0..6) {
            0 => (left.eq(right), json!({ "eq": [l, r] })),
            1 => (left.ne(right), json!({ "ne": [l, r] })),
            2 => (left.gt(right), json!({ "gt": [l, r] })),
            3 => (left.ge(right), json!({ "ge": [l, r] })),
            4 => (left.lt(right), json!({ "lt": [l, r] })),
            _ => (left.le(right), json!({ "le": [l, r] })),
        }
    }

    fn list(&mut self, depth: usize) -> Drawn {
        let (number, tree) = self.integer(depth - 1);
        let count = self.rng.usize(2..5);
        let (values, trees): (Vec<_>, Vec<_>) = (0..count).map(|_| self.integer(1)).unzip();
        (number.is_in(values), json!({ "in": [tree, trees] }))
    }

    fn lambda(&mut self, depth: usize) -> Drawn {
        let name = ["x", "y", "z"].get(self.groups.len()).map(|name| (*name).to_owned());
        let name = name.unwrap_or_else(|| format!("x{}", self.groups.len()));
        let mut inner = Value::Null;
        let condition = |group: Path<User, UserGroup>| {
            self.groups.push(group);
            let (condition, tree) = self.condition(depth - 1);
            self.groups.pop();
            inner = tree;
            condition
        };
        let all = depth.is_multiple_of(2);
        let filter = if all { User::GROUPS.all(condition) } else { User::GROUPS.any(condition) };
        let word = if all { "all" } else { "any" };
        (filter, json!({ word: [{ "path": ["Groups"] }, name, inner] }))
    }

    /// The element of one of the lambdas around, with its variable's name.
    fn group(&mut self) -> Option<(Path<User, UserGroup>, String)> {
        let depth = self.rng.usize(0..self.groups.len() + 1);
        let group = self.groups.get(depth)?.clone();
        let name = ["x", "y", "z"].get(depth).map(|name| (*name).to_owned());
        Some((group, name.unwrap_or_else(|| format!("x{depth}"))))
    }

    fn integer(&mut self, depth: usize) -> Typed<i32> {
        if depth == 0 {
            return match (self.rng.u8(0..4), self.group()) {
                (0, _) => {
                    let value = self.rng.i32(..);
                    (value.into_expression(), json!({ "value": value.to_string() }))
                }
                (1, Some((group, name))) => {
                    let path = group.get(UserGroup::GROUP_ID);
                    (path.into_expression(), json!({ "path": [name, "GroupId"] }))
                }
                (2, _) => (
                    User::PRIMARY_GROUP_ID.into_expression(),
                    json!({ "path": ["PrimaryGroupId"] }),
                ),
                _ => (User::ID.into_expression(), json!({ "path": ["Id"] })),
            };
        }
        if self.rng.u8(0..5) == 0 {
            return self.integer_of_another_type();
        }
        let (left, l) = self.integer(depth - 1);
        // A literal has its sign already.
        if self.rng.u8(0..6) == 0 && l.get("value").is_none() {
            return (-left, json!({ "-": [l] }));
        }
        let (right, r) = self.integer(depth - 1);
        match self.rng.u8(0..5) {
            0 => (left + right, json!({ "add": [l, r] })),
            1 => (left - right, json!({ "sub": [l, r] })),
            2 => (left * right, json!({ "mul": [l, r] })),
            3 => (left / right, json!({ "div": [l, r] })),
            _ => (left % right, json!({ "mod": [l, r] })),
        }
    }

    fn integer_of_another_type(&mut self) -> Typed<i32> {
        let ((text, t), (moment, m)) = (self.text(0), self.moment());
        match self.rng.u8(0..9) {
            0 => (text.length(), json!({ "length": [t] })),
            1 => {
                let (part, p) = self.text(0);
                (text.index_of(part), json!({ "indexof": [t, p] }))
            }
            2 => (moment.year(), json!({ "year": [m] })),
            3 => (moment.month(), json!({ "month": [m] })),
            4 => (moment.day(), json!({ "day": [m] })),
            5 => (moment.hour(), json!({ "hour": [m] })),
            6 => (moment.minute(), json!({ "minute": [m] })),
            7 => (moment.second(), json!({ "second": [m] })),
            _ => (moment.total_offset_minutes(), json!({ "totaloffsetminutes": [m] })),
        }
    }

    fn text(&mut self, depth: usize) -> Typed<String> {
        if depth == 0 {
            return match (self.rng.u8(0..4), self.group()) {
                (0 | 1, _) => {
                    let value = self.any_text();
                    (value.as_str().into_expression(), json!({ "text": value }))
                }
                (2, Some((group, name))) => {
                    let path = group.get(UserGroup::RIGHTS).get(Rights::ROLE_NAME);
                    (path.into_expression(), json!({ "path": [name, "Rights", "RoleName"] }))
                }
                _ => (User::NUMBER.into_expression(), json!({ "path": ["Number"] })),
            };
        }
        let (text, t) = self.text(depth - 1);
        match self.rng.u8(0..6) {
            0 => (text.to_lower(), json!({ "tolower": [t] })),
            1 => (text.to_upper(), json!({ "toupper": [t] })),
            2 => (text.trim(), json!({ "trim": [t] })),
            3 => {
                let (end, e) = self.text(0);
                (text.concat(end), json!({ "concat": [t, e] }))
            }
            4 => {
                let (from, f) = self.integer(0);
                (text.substring(from), json!({ "substring": [t, f] }))
            }
            _ => {
                let ((from, f), (length, l)) = (self.integer(0), self.integer(0));
                (text.substring_of_length(from, length), json!({ "substring": [t, f, l] }))
            }
        }
    }

    /// Text of what is awkward in OData, in URLs or in neither.
    fn any_text(&mut self) -> String {
        let parts = [
            "'", "''", "a", " and ", "(", ")", ",", "%27", "%", "+", "&", "#", "ö", "😀", "1", "/",
        ];
        (0..self.rng.usize(0..6)).filter_map(|_| self.rng.choice(parts)).collect()
    }

    fn moment(&mut self) -> Typed<DateTimeOffset> {
        let when = Property::<User, DateTimeOffset>::new("When");
        match self.rng.u8(0..4) {
            0 => (threecx_xapi::filter::now(), json!({ "now": [] })),
            1 => (when.into_expression(), json!({ "path": ["When"] })),
            _ => {
                let days = [
                    "2026-02-01T23:59:59",
                    "1970-01-01T00:00:00.123456789",
                    "9999-12-31T23:59:59.9999999",
                ];
                let zones = ["Z", "+02:00", "-09:30"];
                let text = format!(
                    "{}{}",
                    self.rng.choice(days).unwrap(),
                    self.rng.choice(zones).unwrap()
                );
                let value: DateTimeOffset = text.parse().unwrap();
                (value.into_expression(), json!({ "value": text }))
            }
        }
    }

    fn decimal(&mut self) -> Typed<Decimal> {
        let cost = Property::<User, Decimal>::new("Cost");
        match self.rng.u8(0..6) {
            0 => (cost.round(), json!({ "round": [{ "path": ["Cost"] }] })),
            1 => (cost.floor(), json!({ "floor": [{ "path": ["Cost"] }] })),
            2 => {
                let wait = Property::<User, Duration>::new("Wait");
                (wait.total_seconds(), json!({ "totalseconds": [{ "path": ["Wait"] }] }))
            }
            3 => {
                let (moment, m) = self.moment();
                (moment.fractional_seconds(), json!({ "fractionalseconds": [m] }))
            }
            _ => {
                let text = format!("{}.{}", self.rng.i32(-99..99), self.rng.u8(1..=9));
                let value: Decimal = text.parse().unwrap();
                (value.into_expression(), json!({ "value": value.to_string() }))
            }
        }
    }

    /// Types that have few functions or none.
    fn other_types(&mut self) -> Drawn {
        let path = |name: &str| json!({ "path": [name] });
        match self.rng.u8(0..7) {
            0 => {
                let id = Guid::from_u128(self.rng.u128(..));
                let filter = Property::<User, Guid>::new("Guid").eq(id);
                (filter, json!({ "eq": [path("Guid"), { "value": id.to_string() }] }))
            }
            1 => {
                let wait = Duration::seconds(self.rng.i64(-200_000..200_000));
                let filter = Property::<User, Duration>::new("Wait").lt(wait);
                (filter, json!({ "lt": [path("Wait"), { "value": format!("duration'{wait}'") }] }))
            }
            2 => {
                let (moment, m) = self.moment();
                let day = Date::new(self.rng.u16(1000..=9999), self.rng.u8(1..=12), 28).unwrap();
                (
                    moment.date().eq(day),
                    json!({ "eq": [{ "date": [m] }, { "value": day.to_string() }] }),
                )
            }
            3 => {
                let (moment, m) = self.moment();
                let time = TimeOfDay::new(self.rng.u8(0..24), 30, 59).unwrap();
                (
                    moment.time().ge(time),
                    json!({ "ge": [{ "time": [m] }, { "value": time.to_string() }] }),
                )
            }
            4 => {
                let filter = Property::<User, bool>::new("Internal").eq(self.rng.bool());
                let value = if filter.to_string().ends_with("true") { "true" } else { "false" };
                (filter, json!({ "eq": [path("Internal"), { "value": value }] }))
            }
            5 => {
                // Infinities look like names to a reader that doesn't know the types.
                let filter = Property::<User, Double>::new("Load").ne(f64::INFINITY);
                (filter, json!({ "ne": [path("Load"), path("INF")] }))
            }
            _ => {
                let value = f64::from(self.rng.i32(-1000..1000)) / 8.0;
                let filter = Property::<User, Double>::new("Load").gt(value);
                (filter, json!({ "gt": [path("Load"), { "value": format!("{value:?}") }] }))
            }
        }
    }
}
