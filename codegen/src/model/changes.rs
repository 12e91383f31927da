//! The one type that takes the values of all releases, where the type of a fact has changed.
//!
//! It is the type that came first, if that takes the values of all: so it stays what it is as documents are
//! added, and callers need not change.

use super::{Answer, History, Method, Operation, Property, Type};

impl Type {
    /// Whether every value of the other type is one of this type.
    pub fn takes(&self, other: &Self) -> bool {
        self.covering(other).as_ref() == Some(self)
    }

    /// The one type for the values of this type and of a newer one: the wider one of two integers, this one
    /// of two texts, because an enumeration keeps values that it doesn't know. None for other types.
    fn covering(&self, newer: &Self) -> Option<Self> {
        let is_integer = |ty: &Self| matches!(ty, Self::Byte | Self::Int32 | Self::Int64);
        let is_text = |ty: &Self| {
            matches!(ty, Self::String | Self::Binary | Self::Enumeration(_) | Self::Flags(_))
        };
        match (self, newer) {
            (one, other) if one == other || (is_text(one) && is_text(other)) => Some(one.clone()),
            (one, other) if is_integer(one) && is_integer(other) => Some(one.max(other).clone()),
            (Self::Collection(one), Self::Collection(other)) => {
                Some(Self::Collection(Box::new(one.covering(other)?)))
            }
            (Self::Nullable(one), other) => {
                Some(Self::Nullable(Box::new(one.covering(other.present())?)))
            }
            (one, Self::Nullable(other)) => Some(Self::Nullable(Box::new(one.covering(other)?))),
            (Self::Changed(later, first), _) => {
                let (later, first) = match first.covering(newer) {
                    Some(first) => (later.clone(), Box::new(first)),
                    None => (Box::new(later.covering(newer)?), first.clone()),
                };
                Some(Self::Changed(later, first))
            }
            _ => None,
        }
    }

    /// The type that takes the values of this type and of a newer one: this one if it can, else
    /// [`Type::Changed`]; none if that needs a third type.
    pub fn or_newer(self, newer: &Self) -> Option<Self> {
        match (self.covering(newer), self) {
            (None, Self::Changed(..)) => None,
            (None, first) => Some(Self::Changed(Box::new(newer.clone()), Box::new(first))),
            (one, _) => one,
        }
    }

    /// The type of an item that is there.
    fn present(&self) -> &Self {
        match self {
            Self::Nullable(of) => of,
            other => other,
        }
    }

    /// The types inside its lists and changes.
    pub fn leaves(&self) -> Vec<&Self> {
        match self {
            Self::Collection(of) | Self::Nullable(of) => of.leaves(),
            Self::Changed(later, first) => [later.leaves(), first.leaves()].concat(),
            leaf => vec![leaf],
        }
    }

    /// The type for all of these, the oldest first; none if no type takes them all.
    pub fn over<'t>(types: impl IntoIterator<Item = &'t Self>) -> Option<Self> {
        let mut types = types.into_iter();
        let oldest = types.next()?.clone();
        types.try_fold(oldest, Self::or_newer)
    }
}

impl History<Property> {
    /// The type that takes the values of all variants; none if no type does.
    pub fn over(&self) -> Option<Type> {
        Type::over(self.oldest_first().into_iter().map(|(variant, _)| &variant.ty))
    }

    /// The same. Where no type does, `lower` reports the change, and this is the newest type.
    pub fn ty(&self) -> Type {
        self.over().unwrap_or(self.newest.ty.clone())
    }
}

impl Answer {
    /// The one answer for this one and a newer one, if callers need not tell them apart.
    fn covering(&self, newer: &Self, is_read: bool) -> Option<Self> {
        match (self, newer) {
            (
                Self::Object { entity, nullable, status },
                Self::Object { entity: other, nullable: other_nullable, .. },
            ) if entity == other => {
                let (entity, nullable) = (entity.clone(), *nullable || *other_nullable);
                Some(Self::Object { entity, nullable, status: *status })
            }
            (Self::Collection { of }, Self::Collection { of: other }) => {
                Some(Self::Collection { of: of.covering(other)? })
            }
            (
                Self::Value { ty, nullable, limits, bare },
                Self::Value { ty: other, nullable: other_nullable, .. },
            ) => {
                let (ty, nullable) = (ty.covering(other)?, *nullable || *other_nullable);
                Some(Self::Value { ty, nullable, limits: limits.clone(), bare: *bare })
            }
            (Self::Nothing, Self::Nothing) => Some(Self::Nothing),
            (Self::Nothing, some) | (some, Self::Nothing) => some.or_nothing(is_read),
            _ => None,
        }
    }

    /// The answer that may also be empty. Of a write every answer may be: it is then one with nothing set.
    fn or_nothing(&self, is_read: bool) -> Option<Self> {
        match self {
            Self::Object { entity, status, .. } if is_read => {
                Some(Self::Object { entity: entity.clone(), nullable: true, status: *status })
            }
            Self::Collection { .. } if is_read => None,
            other => Some(other.clone()),
        }
    }

    /// Whether callers read the other answer as this one.
    pub fn takes(&self, other: &Self, is_read: bool) -> bool {
        self.covering(other, is_read).as_ref() == Some(self)
    }
}

impl History<Operation> {
    /// The answers that a caller must tell apart, the one that came last at the front. A file has the one
    /// that came first, because nobody reads the declared type of a file.
    pub fn answers(&self) -> Vec<Answer> {
        if self.is_file() {
            return vec![self.oldest().answer.clone()];
        }
        let is_read = self.method == Method::Get;
        let mut answers: Vec<Answer> = Vec::new();
        for (variant, _) in self.oldest_first() {
            let known = answers.iter_mut().find_map(|known| {
                known.covering(&variant.answer, is_read).map(|covering| (known, covering))
            });
            match known {
                Some((known, covering)) => *known = covering,
                None => answers.insert(0, variant.answer.clone()),
            }
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Limits;

    #[test]
    fn a_changed_type_takes_the_values_of_both() {
        use Type::{Int32, Int64, String};
        let (one, two) = (|| Type::Entity("A".into()), || Type::Entity("B".into()));
        let (named, other) = (|| Type::Enumeration("E".into()), || Type::Flags("F".into()));
        let changed = |a, b| Type::Changed(Box::new(a), Box::new(b));
        let list = |of| Type::Collection(Box::new(of));
        // The types, the oldest first.
        let rows = [
            (vec![Int32], Some(Int32)),
            (vec![Int32, Int64], Some(Int64)),
            (vec![Int64, Int32, Int32], Some(Int64)),
            (vec![named(), String], Some(named())),
            (vec![String, named()], Some(String)),
            (vec![other(), named(), String], Some(other())),
            (vec![list(String), list(named())], Some(list(String))),
            (vec![list(one()), list(two())], Some(changed(list(two()), list(one())))),
            (vec![Int32, String], Some(changed(String, Int32))),
            (vec![Int32, String, named(), Int64], Some(changed(String, Int64))),
            (vec![one(), String, one()], Some(changed(String, one()))),
            (vec![one(), two(), two()], Some(changed(two(), one()))),
            (vec![String, two(), one()], None),
        ];
        for (types, expected) in rows {
            assert_eq!(Type::over(&types), expected, "{types:?}");
        }
    }

    #[test]
    fn an_answer_takes_those_that_callers_need_not_tell_apart() {
        let object = |name: &str, nullable: bool| Answer::Object {
            entity: name.to_owned(),
            nullable,
            status: 200,
        };
        let value = |ty: Type| Answer::Value {
            ty,
            nullable: false,
            limits: Limits::default(),
            bare: false,
        };
        let page = || Answer::Collection { of: Type::Entity("A".into()) };
        let nothing = || Answer::Nothing;
        // The older answer, the newer one, and the one for both of an action and of a function.
        let rows = [
            (object("A", false), nothing(), Some(object("A", false)), Some(object("A", true))),
            (nothing(), object("A", false), Some(object("A", false)), Some(object("A", true))),
            (
                object("A", true),
                object("A", false),
                Some(object("A", true)),
                Some(object("A", true)),
            ),
            (object("A", false), object("B", false), None, None),
            (page(), nothing(), Some(page()), None),
            (page(), object("A", false), None, None),
            (
                value(Type::Int64),
                value(Type::Int32),
                Some(value(Type::Int64)),
                Some(value(Type::Int64)),
            ),
            (value(Type::Int32), nothing(), Some(value(Type::Int32)), Some(value(Type::Int32))),
            (value(Type::Int32), value(Type::Boolean), None, None),
        ];
        for (older, newer, of_action, of_function) in rows {
            assert_eq!(older.covering(&newer, false), of_action, "{older:?} {newer:?}");
            assert_eq!(older.covering(&newer, true), of_function, "{older:?} {newer:?}");
        }
    }

    #[test]
    fn a_type_that_once_took_all_stays_as_documents_come() {
        let named = |name: &str| Type::Enumeration(name.into());
        let types = [
            named("A"),
            Type::String,
            named("B"),
            Type::Flags("C".into()),
            Type::Int32,
            named("A"),
            Type::Int32,
        ];
        let made: Vec<Option<Type>> =
            (1..=types.len()).map(|it| Type::over(&types[..it])).collect();
        let changed = Type::Changed(Box::new(Type::Int32), Box::new(named("A")));
        let expected = [vec![named("A"); 4], vec![changed; 3]].concat();
        assert_eq!(made, expected.into_iter().map(Some).collect::<Vec<_>>());
    }
}
