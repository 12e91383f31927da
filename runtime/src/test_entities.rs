//! Two small entities for unit tests, as the generator writes them.

use crate::entity::{Kept, Properties, PropertyReader, Table};
use crate::entity_serde;
use crate::info::{EntityInfo, Service};

/// Where the service is.
pub(crate) const SERVICE: Service = Service { root: "/xapi/v1", token_path: "/connect/token" };

#[derive(Clone, Default)]
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
    const INFO: &'static EntityInfo =
        &EntityInfo::new("Pbx.User", &["AuthPassword", "Groups", "Id", "Mobile", "Number"])
            .with_key("Id")
            .with_secrets(&["AuthPassword"]);

    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }

    fn read<'de, R: PropertyReader<'de>>(&mut self, index: usize, reader: &mut R) {
        match index {
            0 => reader.property(&mut self.auth_password),
            1 => reader.list(&mut self.groups),
            2 => reader.property(&mut self.id),
            3 => reader.property(&mut self.mobile),
            4 => reader.property(&mut self.number),
            _ => {}
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

#[derive(Clone, Default)]
pub(crate) struct Group {
    pub(crate) id: Option<i32>,
    pub(crate) kept: Kept,
}

impl Table for Group {
    const INFO: &'static EntityInfo = &EntityInfo::new("Pbx.Group", &["Id"]);

    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }

    fn read<'de, R: PropertyReader<'de>>(&mut self, index: usize, reader: &mut R) {
        if index == 0 {
            reader.property(&mut self.id);
        }
    }

    fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P) {
        out.kept(&self.kept);
        out.property("Id", &self.id);
    }
}

entity_serde!(User, Group);
