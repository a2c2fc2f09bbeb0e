//! The command `monospec`.
fn main() {}
