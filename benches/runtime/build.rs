//! Compiles the benchmark's spec, as a service does.

fn main() -> Result<(), monospec::BuildError> {
    monospec::build("monospec.yaml")
}
