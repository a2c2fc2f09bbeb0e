//! svetu-backend.
fn main() {}
