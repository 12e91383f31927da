//! Two small entities for unit tests, as the generator writes them.

use serde::de::MapAccess;

use crate::entity::{Kept, Properties, Table, entity_serde, read_property, skip};

#[derive(Clone, Default, PartialEq)]
pub(crate) struct User {
    pub(crate) auth_password: Option<String>,
    pub(crate) groups: Option<Vec<Group>>,
    pub(crate) id: Option<i32>,
    pub(crate) mobile: Option<String>,
    pub(crate) number: Option<String>,
    pub(crate) kept: Kept,
}

impl User {
    pub(crate) fn number(mut self, value: impl Into<String>) -> Self {
        self.number = Some(value.into());
        self
    }
}

impl Table for User {
    const NAME: &'static str = "Pbx.User";
    const KEYS: &'static [&'static str] = &["AuthPassword", "Groups", "Id", "Mobile", "Number"];
    const KEY: Option<&'static str> = Some("Id");
    const SECRETS: &'static [&'static str] = &["AuthPassword"];

    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, index: usize, map: &mut A) -> Result<(), A::Error> {
        match index {
            0 => read_property(map, &mut self.auth_password),
            1 => read_property(map, &mut self.groups),
            2 => read_property(map, &mut self.id),
            3 => read_property(map, &mut self.mobile),
            4 => read_property(map, &mut self.number),
            _ => skip(map),
        }
    }

    fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P) {
        out.kept(&self.kept);
        out.property("AuthPassword", &self.auth_password);
        out.property("Groups", &self.groups);
        out.property("Id", &self.id);
        out.property("Mobile", &self.mobile);
        out.property("Number", &self.number);
    }
}

#[derive(Clone, Default, PartialEq)]
pub(crate) struct Group {
    pub(crate) id: Option<i32>,
    pub(crate) kept: Kept,
}

impl Table for Group {
    const NAME: &'static str = "Pbx.Group";
    const KEYS: &'static [&'static str] = &["Id"];

    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, index: usize, map: &mut A) -> Result<(), A::Error> {
        match index {
            0 => read_property(map, &mut self.id),
            _ => skip(map),
        }
    }

    fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P) {
        out.kept(&self.kept);
        out.property("Id", &self.id);
    }
}

entity_serde!(User, Group);
