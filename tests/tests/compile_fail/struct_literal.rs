//! Entities and requests written as struct literals.

use threecx_xapi::entities::{Group, User};

fn main() {
    let _ = User { first_name: Some("Ada".to_owned()), ..User::default() };
    let _ = Group { name: Some("Sales".to_owned()) };
    let User { first_name: _ } = User::default();
}
