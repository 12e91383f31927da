//! An entity written as a struct literal: the notes name what to write.

use threecx_xapi::entities::Group;

fn main() {
    let _ = Group { name: Some("Sales".to_owned()) };
}
