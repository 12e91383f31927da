//! An entity written as a struct literal over its default.

use threecx_xapi::entities::User;

fn main() {
    let _ = User { first_name: Some("Ada".to_owned()), ..User::default() };
}
