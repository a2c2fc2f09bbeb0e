//! Compiles the spec.

fn main() -> Result<(), monospec::BuildError> {
    monospec::build("spec/monospec.yaml")
}
