//! What generated code looks like, written by hand: entities, operations of every shape, the
//! resources' methods.

use serde::de::MapAccess;

use crate::entity::{Properties, entity_serde, read_property, skip};
use crate::operation::{
    Conditional, Countable, Expandable, Filterable, Method, Operation, OperationInfo,
    OperationKind, Orderable, Pageable, RequestParts, Searchable, Selectable, Updatable,
};
use crate::{Client, Download, Entity, Navigation, Page, Property, Releases, Request, Value};

#[derive(Clone, Default, PartialEq)]
pub(crate) struct User {
    pub(crate) auth_password: Option<String>,
    pub(crate) groups: Option<Vec<Group>>,
    pub(crate) id: Option<i32>,
    pub(crate) mobile: Option<String>,
    pub(crate) number: Option<String>,
}

impl User {
    pub(crate) const AUTH_PASSWORD: Property<User, String> = Property::new("AuthPassword");
    pub(crate) const GROUPS: Navigation<User, Vec<Group>> = Navigation::new("Groups");
    pub(crate) const ID: Property<User, i32> = Property::new("Id");
    pub(crate) const MOBILE: Property<User, String> = Property::new("Mobile");
    pub(crate) const NUMBER: Property<User, String> = Property::new("Number");

    pub(crate) fn number(mut self, value: impl Into<String>) -> Self {
        self.number = Some(value.into());
        self
    }
}

impl Entity for User {
    const NAME: &'static str = "Pbx.User";
    const KEYS: &'static [&'static str] = &["AuthPassword", "Groups", "Id", "Mobile", "Number"];
    const SECRETS: &'static [&'static str] = &["AuthPassword"];

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

    fn visit<P: Properties>(&self, out: &mut P) {
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
}

impl Entity for Group {
    const NAME: &'static str = "Pbx.Group";
    const KEYS: &'static [&'static str] = &["Id"];

    fn read<'de, A: MapAccess<'de>>(&mut self, index: usize, map: &mut A) -> Result<(), A::Error> {
        match index {
            0 => read_property(map, &mut self.id),
            _ => skip(map),
        }
    }

    fn visit<P: Properties>(&self, out: &mut P) {
        out.property("Id", &self.id);
    }
}

entity_serde!(User, Group);

/// One operation: its struct, its facts and what it writes.
macro_rules! operation {
    ($name:ident { $($field:ident: $type:ty),* } -> $output:ty, $kind:ident $method:ident $resource:literal $route:literal, |$this:ident, $request:ident| $write:block) => {
        pub(crate) struct $name {
            $(pub(crate) $field: $type,)*
        }

        impl Operation for $name {
            type Output = $output;
            const INFO: OperationInfo = OperationInfo {
                id: stringify!($name),
                resource: $resource,
                kind: OperationKind::$kind,
                method: Method::$method,
                route: $route,
                file: false,
                releases: Releases::ALL,
                forms: &[],
            };

            fn write(&self, $request: &mut RequestParts) {
                let $this = self;
                let _ = $this;
                $write
            }
        }
    };
}

operation!(ListUser {} -> Page<User>, List Get "Users" "/Users", |this, request| {
    request.path("/Users");
});
operation!(GetUser { id: i32 } -> User, Get Get "Users" "/Users({Id})", |this, request| {
    request.path("/Users(");
    request.literal(&this.id);
    request.path(")");
});
operation!(GetProperty { name: String } -> Option<User>, Get Get "Users" "/Users(Number={Number})", |this, request| {
    request.path("/Users(Number=");
    request.literal(&this.name);
    request.path(")");
});
operation!(CreateUser { body: User } -> User, Create Post "Users" "/Users", |this, request| {
    request.path("/Users");
    request.body(&this.body);
});
operation!(UpdateUser { id: i32, body: User } -> (), Update Patch "Users" "/Users({Id})", |this, request| {
    request.path("/Users(");
    request.literal(&this.id);
    request.path(")");
    request.body(&this.body);
});
operation!(DeleteTrunk { id: i32 } -> (), Delete Delete "Trunks" "/Trunks({Id})", |this, request| {
    request.path("/Trunks(");
    request.literal(&this.id);
    request.path(")");
});
operation!(LinkGroupPartner { group_id: String, reseller_id: String } -> Value<bool>, Action Post "Groups" "/Groups/Pbx.LinkGroupPartner", |this, request| {
    request.path("/Groups/Pbx.LinkGroupPartner");
    request.property("groupId", &this.group_id);
    request.property("resellerId", &this.reseller_id);
    request.optional_property("note");
});
operation!(TestEmail {} -> Value<bool>, Action Post "Mail" "/Mail/Pbx.TestEmail", |this, request| {
    request.path("/Mail/Pbx.TestEmail");
    request.empty_body();
    request.optional_property("address");
});
operation!(PurgeCalls {} -> (), Action Post "Root" "/PurgeCalls", |this, request| {
    request.path("/PurgeCalls");
});
operation!(GetCallLog { top: i32 } -> Page<String>, Function Get "Log" "/Log/Pbx.GetCallLog(filter={filter},top={top})", |this, request| {
    request.path("/Log/Pbx.GetCallLog(filter=");
    request.optional_literal("filter");
    request.path(",top=");
    request.literal(&this.top);
    request.path(")");
});
operation!(DownloadRecording { id: i32 } -> Download<Page<String>>, Function Get "Recordings" "/Recordings/Pbx.DownloadRecording(recId={recId})", |this, request| {
    request.path("/Recordings/Pbx.DownloadRecording(recId=");
    request.literal(&this.id);
    request.path(")");
});

impl Filterable for ListUser {
    type Entity = User;
}
impl Selectable for ListUser {
    type Entity = User;
}
impl Expandable for ListUser {
    type Entity = User;
}
impl Orderable for ListUser {
    type Entity = User;
}
impl Searchable for ListUser {}
impl Countable for ListUser {}
impl Pageable for ListUser {}
impl Conditional for DeleteTrunk {}
impl Updatable for UpdateUser {
    type Entity = User;
}

impl Request<LinkGroupPartner> {
    pub(crate) fn note(self, value: impl AsRef<str>) -> Self {
        self.set_property("note", value.as_ref())
    }
}

impl Request<GetCallLog> {
    pub(crate) fn source(self, value: impl AsRef<str>) -> Self {
        self.set_literal("filter", value.as_ref())
    }
}

/// A resource's methods.
pub(crate) struct Users(Client);

impl Client {
    pub(crate) fn mini_users(&self) -> Users {
        Users(self.clone())
    }
}

impl Users {
    pub(crate) fn list(&self) -> Request<ListUser> {
        Request::new(&self.0, ListUser {})
    }

    pub(crate) fn get(&self, id: i32) -> Request<GetUser> {
        Request::new(&self.0, GetUser { id })
    }

    pub(crate) fn update(&self, id: i32, body: User) -> Request<UpdateUser> {
        Request::new(&self.0, UpdateUser { id, body })
    }
}
