//! The one type that takes the values of all releases, where the type of a fact has changed.

use super::{Answer, History, Operation, Property, Type};

impl Type {
    /// The type that takes the values of this type and of a former one; none if that needs a third type.
    ///
    /// Of two integers, the wider type takes both. Of two texts, either does, because an enumeration
    /// keeps values that it doesn't know. Any other two types become [`Type::Changed`].
    pub fn or_former(self, former: &Self) -> Option<Self> {
        let is_integer = |ty: &Self| matches!(ty, Self::Byte | Self::Int32 | Self::Int64);
        let is_text =
            |ty: &Self| matches!(ty, Self::String | Self::Enumeration(_) | Self::Flags(_));
        match self {
            same if same == *former || (is_text(&same) && is_text(former)) => Some(same),
            integer if is_integer(&integer) && is_integer(former) => {
                Some(integer.max(former.clone()))
            }
            Self::Changed(current, old) => {
                let is_known = *old == *former || *current == *former;
                is_known.then_some(Self::Changed(current, old))
            }
            current => Some(Self::Changed(Box::new(current), Box::new(former.clone()))),
        }
    }

    /// The types inside its lists and changes.
    pub fn leaves(&self) -> Vec<&Self> {
        match self {
            Self::Collection(of) => of.leaves(),
            Self::Changed(current, former) => [current.leaves(), former.leaves()].concat(),
            leaf => vec![leaf],
        }
    }

    /// The type for all of these, the newest first; none if no type takes them all.
    pub fn over<'t>(types: impl IntoIterator<Item = &'t Self>) -> Option<Self> {
        let mut types = types.into_iter();
        let newest = types.next()?.clone();
        types.try_fold(newest, Self::or_former)
    }
}

impl History<Property> {
    /// The type that takes the values of all variants. Where no type does, `lower` reports the change, and
    /// this is the newest type.
    pub fn ty(&self) -> Type {
        Type::over(self.variants().map(|(variant, _)| &variant.ty))
            .unwrap_or(self.newest.ty.clone())
    }
}

impl History<Operation> {
    /// The answers that a caller must tell apart, the newest first. A file has one, because nobody reads
    /// the declared type of a file. An operation that returns nothing today has one too.
    pub fn answers(&self) -> Vec<&Answer> {
        let mut answers = vec![&self.newest.answer];
        if self.is_file() || self.newest.answer == Answer::Nothing {
            return answers;
        }
        for (variant, _) in &self.former {
            if !answers.contains(&&variant.answer) {
                answers.push(&variant.answer);
            }
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_type_takes_the_values_of_both() {
        use Type::{Int32, Int64, String};
        let (one, two) = (|| Type::Entity("A".into()), || Type::Entity("B".into()));
        let named = || Type::Enumeration("E".into());
        let changed = |a, b| Type::Changed(Box::new(a), Box::new(b));
        let rows = [
            (vec![Int32], Some(Int32)),
            (vec![Int32, Int64], Some(Int64)),
            (vec![Int64, Int32, Int32], Some(Int64)),
            (vec![named(), String], Some(named())),
            (vec![String, named()], Some(String)),
            (vec![String, Int32], Some(changed(String, Int32))),
            (vec![one(), String, one()], Some(changed(one(), String))),
            (vec![one(), two(), two()], Some(changed(one(), two()))),
            (vec![one(), two(), String], None),
        ];
        for (types, expected) in rows {
            assert_eq!(Type::over(&types), expected, "{types:?}");
        }
    }
}
