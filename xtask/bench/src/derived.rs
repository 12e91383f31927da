//! The entities of the samples as people would write them: the same fields, read and written by serde's
//! derive. `cargo xtask bench` writes them.

include!(env!("BENCH_DERIVED"));
