//! Facts that the union has only as the newest document says them, because the vendor's tool changes them
//! for everything at once: whether a body is required, and whether the items of a list may be null.

use super::{Answer, Body, Operation, Property, Type};

impl Operation {
    /// Takes over these facts from a newer variant.
    pub fn follow(&mut self, newer: &Self) {
        if let (Some(body), Some(newer)) = (&mut self.body, &newer.body) {
            body.follow(newer);
        }
        match (&mut self.answer, &newer.answer) {
            (Answer::Collection { of }, Answer::Collection { of: newer }) => of.follow(newer),
            (Answer::Value { ty, .. }, Answer::Value { ty: newer, .. }) => ty.follow(newer),
            _ => {}
        }
    }
}

impl Body {
    fn required(&mut self) -> &mut bool {
        match self {
            Self::Entity { required, .. } | Self::Parameters { required, .. } => required,
        }
    }

    fn follow(&mut self, newer: &Self) {
        *self.required() = *newer.clone().required();
        if let (Self::Parameters { properties, .. }, Self::Parameters { properties: newer, .. }) =
            (self, newer)
        {
            for property in properties {
                if let Some(newer) = newer.iter().find(|it| it.name == property.name) {
                    property.follow(newer);
                }
            }
        }
    }
}

impl Property {
    /// Takes over these facts from a newer variant.
    pub fn follow(&mut self, newer: &Self) {
        self.ty.follow(&newer.ty);
    }
}

impl Type {
    /// Takes over whether items may be null, if the types are the same otherwise.
    pub fn follow(&mut self, newer: &Self) {
        // The name that OData has for a type says nothing of null.
        if self.edm() == newer.edm() {
            self.clone_from(newer);
        }
    }
}
