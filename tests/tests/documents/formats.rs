//! Entities in other serde formats than JSON: their code is serde's, not one for JSON alone.

use std::fmt::Debug;

use tests::sample::Maker;
use threecx_xapi::entities::{CallLogData, Queue, SystemTelemetry, Trunk, User};
use threecx_xapi::entity::Entity;

/// Through a format and back, with every property set that the API could answer.
fn through<E: Entity + PartialEq>(format: &str, way: impl Fn(&E) -> E) {
    let entity: E = serde_json::from_value(Maker::full().entity(E::INFO.name)).unwrap();
    let again = way(&entity);
    // Not by `==` alone: a NaN is unlike itself.
    let shown = |entity: &E| serde_json::to_string(entity).unwrap();
    assert_eq!(shown(&again), shown(&entity), "{} through {format}", E::INFO.name);
}

fn ok<T, E: Debug>(result: Result<T, E>) -> T {
    result.unwrap()
}

fn through_all<E: Entity + PartialEq>() {
    through::<E>("YAML", |it| ok(serde_yaml::from_str(&ok(serde_yaml::to_string(it)))));
    // Binary, describes itself, and takes maps only with their length.
    through::<E>("MessagePack", |it| ok(rmp_serde::from_slice(&ok(rmp_serde::to_vec(it)))));
    // Binary, and says nothing of itself.
    through::<E>("postcard", |it| ok(postcard::from_bytes(&ok(postcard::to_stdvec(it)))));
}

#[test]
fn entities_survive_self_describing_formats_and_others() {
    through_all::<User>();
    through_all::<Queue>();
    through_all::<Trunk>();
    through_all::<CallLogData>();
    through_all::<SystemTelemetry>();
}
