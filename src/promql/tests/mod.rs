//! Tests of the whole module, in tables.

#![allow(clippy::unwrap_used)]

mod errors;
mod labels;
mod places;
mod print;

mod round_trip;
