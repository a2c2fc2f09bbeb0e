//! Tests of the whole module, in tables.

mod errors;
mod labels;
mod places;
mod print;
mod round_trip;
