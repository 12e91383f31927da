//! 3CX's habits that no document tells: what a new row needs, what may be there once, which roles there are.

/// What is known of a collection beside its type.
#[derive(Debug)]
pub(super) struct Habits {
    set: &'static str,
    /// Properties that a new row must have.
    pub(super) required: &'static [&'static str],
    /// Properties whose values may be there once.
    pub(super) unique: &'static [&'static str],
    /// Properties that a PATCH can't change.
    pub(super) fixed: &'static [&'static str],
    /// The first number that a new row gets which names none.
    pub(super) numbers_from: Option<u32>,
}

const NONE: Habits = Habits { set: "", required: &[], unique: &[], fixed: &[], numbers_from: None };

/// A kind of extension: its number is its own, and stays.
const fn numbered(set: &'static str, required: &'static [&'static str], from: u32) -> Habits {
    let (unique, fixed) = (&["Number"], &["Number"]);
    Habits { set, required, unique, fixed, numbers_from: Some(from) }
}

/// The smallest creates are 3CX's own.
static HABITS: [Habits; 11] = [
    Habits { unique: &["Number", "EmailAddress"], ..numbered("Users", &[], 101) },
    numbered("Queues", &["AnnouncementInterval"], 80_001),
    numbered("RingGroups", &["Name"], 80_001),
    numbered("Receptionists", &["Name"], 80_001),
    Habits { numbers_from: None, ..numbered("ServicePrincipals", &["Number"], 0) },
    Habits { fixed: &[], ..numbered("Trunks", &[], 90_001) },
    Habits { fixed: &[], ..numbered("Fax", &[], 88_801) },
    Habits { set: "Groups", required: &["Name"], unique: &["Name"], ..NONE },
    Habits { set: "Contacts", required: &["FirstName", "PhoneNumber"], ..NONE },
    Habits { set: "TenantProperties", required: &["Name", "Value"], ..NONE },
    Habits { set: "Parkings", unique: &["Number"], ..NONE },
];

/// The habits of a collection.
pub(super) fn habits(set: &str) -> &'static Habits {
    HABITS.iter().find(|it| it.set == set).unwrap_or(&OTHER)
}

/// The habits of a collection of which nothing is known.
static OTHER: Habits = NONE;

/// The names of all roles.
pub(super) const ROLES: [&str; 7] = [
    "system_owners",
    "system_admins",
    "group_owners",
    "managers",
    "group_admins",
    "receptionists",
    "users",
];

/// Refusals as the PBX words them.
pub(super) const REQUIRED: &str = "WARNINGS.XAPI.REQUIRED";
pub(super) const TAKEN: &str = "WARNINGS.XAPI.ALREADY_IN_USE";
pub(super) const NOT_FOUND: &str = "WARNINGS.XAPI.NOT_FOUND";
pub(super) const FORBIDDEN_CHANGE: &str = "WARNINGS.XAPI.FORBIDDEN_CHANGE";
pub(super) const INVALID: &str = "WARNINGS.XAPI.INVALID";
