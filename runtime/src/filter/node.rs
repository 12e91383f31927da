//! A filter as a tree, and how it is printed: with the parentheses that OData's precedence asks for.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// An OData expression. It knows neither types nor entities, so that all filters share one printer.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// A value, or `null`: stands as it is.
    Literal(String),
    /// One of no values: false for each row.
    Never,
    /// Text of the caller's own, of which nothing is known.
    Raw(String),
    /// A property, or a lambda's variable, and the way on from there.
    Path(Root, Vec<&'static str>),
    /// `contains(Name,'a')`
    Call(&'static str, Vec<Node>),
    /// `not …`, `-…`
    Unary(Unary, Box<Node>),
    /// `… eq …`
    Binary(Binary, Box<Node>, Box<Node>),
    /// `… in (…,…)`
    In(Box<Node>, Vec<Node>),
    /// `Groups/any(x:…)`
    Lambda(Box<Lambda>),
}

/// Where a path begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Root {
    /// At the entity that is filtered.
    Entity,
    /// At an element of a collection.
    Variable(Variable),
}

/// The element that a lambda's condition is about. It gets its name when the filter is printed, so
/// that lambdas can be put into each other in any way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Variable(u64);

impl Variable {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A condition on the elements of a collection.
#[derive(Clone, Debug)]
pub(crate) struct Lambda {
    pub(super) collection: Node,
    /// `any` or `all`.
    pub(super) word: &'static str,
    /// `None` asks whether there is any element.
    pub(super) condition: Option<(Variable, Node)>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Unary {
    Not,
    Negate,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Binary {
    Or,
    And,
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Has,
}

/// What binds how tightly, from the loosest on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Comparison,
    Additive,
    Multiplicative,
    Unary,
    Primary,
}

impl Binary {
    fn word(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::Mod => "mod",
            Self::Has => "has",
        }
    }

    fn level(self) -> Level {
        match self {
            Self::Or => Level::Or,
            Self::And => Level::And,
            // OData has two levels here; readers differ on them, so a comparison in a comparison
            // always gets parentheses.
            Self::Eq | Self::Ne | Self::Gt | Self::Ge | Self::Lt | Self::Le | Self::Has => {
                Level::Comparison
            }
            Self::Add | Self::Sub => Level::Additive,
            Self::Mul | Self::Div | Self::Mod => Level::Multiplicative,
        }
    }
}

impl Node {
    pub(crate) fn property(name: &'static str) -> Self {
        Self::Path(Root::Entity, vec![name])
    }

    /// The path that goes on to `name`.
    pub(crate) fn then(self, name: &'static str) -> Self {
        match self {
            Self::Path(root, mut names) => {
                names.push(name);
                Self::Path(root, names)
            }
            // Paths are made of paths alone.
            other => other,
        }
    }

    pub(super) fn binary(self, operator: Binary, right: Self) -> Self {
        Self::Binary(operator, Box::new(self), Box::new(right))
    }

    /// Whether no row can pass it, since it asks for one of no values.
    pub(super) fn is_never(&self) -> bool {
        match self {
            Self::Never => true,
            Self::Binary(Binary::And, left, right) => left.is_never() || right.is_never(),
            Self::Binary(Binary::Or, left, right) => left.is_never() && right.is_never(),
            _ => false,
        }
    }

    fn level(&self) -> Level {
        match self {
            Self::Raw(_) => Level::Or,
            Self::Binary(operator, ..) => operator.level(),
            Self::In(..) => Level::Comparison,
            Self::Unary(..) => Level::Unary,
            Self::Literal(_) | Self::Never | Self::Path(..) | Self::Call(..) | Self::Lambda(_) => {
                Level::Primary
            }
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printer { f, variables: Vec::new() }.node(self)
    }
}

struct Printer<'a, 'b> {
    f: &'a mut fmt::Formatter<'b>,
    /// The variables of the lambdas around, outermost first.
    variables: Vec<Variable>,
}

impl Printer<'_, '_> {
    fn node(&mut self, node: &Node) -> fmt::Result {
        match node {
            Node::Literal(text) | Node::Raw(text) => self.f.write_str(text),
            Node::Never => self.f.write_str("false"),
            Node::Path(root, names) => self.path(*root, names),
            Node::Call(name, arguments) => {
                write!(self.f, "{name}(")?;
                self.list(arguments, Level::Or)?;
                self.f.write_str(")")
            }
            Node::Unary(operator, operand) => {
                self.f.write_str(match operator {
                    Unary::Not => "not ",
                    Unary::Negate => "-",
                })?;
                self.operand(operand, Level::Primary)
            }
            Node::Binary(operator, left, right) => {
                let level = operator.level();
                // `a and (b and c)` keeps its shape, and `a sub (b sub c)` its meaning.
                let tighter = match level {
                    Level::Or => Level::And,
                    Level::And => Level::Comparison,
                    Level::Comparison => Level::Additive,
                    Level::Additive => Level::Multiplicative,
                    _ => Level::Unary,
                };
                let left_level = if level == Level::Comparison { tighter } else { level };
                self.operand(left, left_level)?;
                write!(self.f, " {} ", operator.word())?;
                self.operand(right, tighter)
            }
            Node::In(operand, values) => {
                // To some readers `in` binds tighter than arithmetic.
                self.operand(operand, Level::Primary)?;
                self.f.write_str(" in (")?;
                self.list(values, Level::Additive)?;
                self.f.write_str(")")
            }
            Node::Lambda(lambda) => self.lambda(lambda),
        }
    }

    /// An operand that binds at least as tightly as `level`, or is put in parentheses.
    fn operand(&mut self, node: &Node, level: Level) -> fmt::Result {
        if node.level() >= level {
            return self.node(node);
        }
        self.f.write_str("(")?;
        self.node(node)?;
        self.f.write_str(")")
    }

    fn list(&mut self, nodes: &[Node], level: Level) -> fmt::Result {
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.f.write_str(",")?;
            }
            self.operand(node, level)?;
        }
        Ok(())
    }

    fn path(&mut self, root: Root, names: &[&str]) -> fmt::Result {
        if let Root::Variable(variable) = root {
            self.variable(variable)?;
            if !names.is_empty() {
                self.f.write_str("/")?;
            }
        }
        self.f.write_str(&names.join("/"))
    }

    /// A variable's name says how deep its lambda stands: `x`, `y`, `z`, `x3` …
    fn variable(&mut self, variable: Variable) -> fmt::Result {
        // A variable that was carried out of its lambda has no meaning; the PBX refuses this name.
        let Some(depth) = self.variables.iter().position(|it| *it == variable) else {
            return self.f.write_str("$unbound");
        };
        match ["x", "y", "z"].get(depth) {
            Some(name) => self.f.write_str(name),
            None => write!(self.f, "x{depth}"),
        }
    }

    fn lambda(&mut self, lambda: &Lambda) -> fmt::Result {
        self.node(&lambda.collection)?;
        write!(self.f, "/{}(", lambda.word)?;
        if let Some((variable, condition)) = &lambda.condition {
            self.variables.push(*variable);
            self.variable(*variable)?;
            self.f.write_str(":")?;
            self.node(condition)?;
            self.variables.pop();
        }
        self.f.write_str(")")
    }
}
