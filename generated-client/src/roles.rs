//! The names of the roles that a user has in a department: the values of
//! [`Rights::ROLE_NAME`](crate::entities::Rights::ROLE_NAME).
//!
//! A role also decides which operations a service principal may call. No role may call all of them: a
//! system administrator reads `SystemStatus`, but gets a 403 from call history, call log and recordings;
//! the role that reads call history gets a 403 from `SystemStatus`.
//!
//! ```
//! use threecx_xapi::entities::{Rights, User, UserGroup};
//! use threecx_xapi::roles;
//!
//! let department = UserGroup::default()
//!     .group_id(28)
//!     .rights(Rights::default().role_name(roles::USERS));
//! let change = User::default().groups([department]);
//! # assert!(change.groups.is_some());
//! ```

/// The system owners.
pub const SYSTEM_OWNERS: &str = "system_owners";

/// The system administrators.
pub const SYSTEM_ADMINS: &str = "system_admins";

/// The owners of a department.
pub const GROUP_OWNERS: &str = "group_owners";

/// The administrators of a department.
pub const GROUP_ADMINS: &str = "group_admins";

/// The managers of a department.
pub const MANAGERS: &str = "managers";

/// The receptionists of a department.
pub const RECEPTIONISTS: &str = "receptionists";

/// The users of a department.
pub const USERS: &str = "users";

/// All roles.
pub const ALL: [&str; 7] =
    [SYSTEM_OWNERS, SYSTEM_ADMINS, GROUP_OWNERS, GROUP_ADMINS, MANAGERS, RECEPTIONISTS, USERS];
