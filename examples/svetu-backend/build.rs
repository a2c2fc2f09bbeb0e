//! Compiles the spec into the service's metrics, flags and health checks.

fn main() -> Result<(), monospec::BuildError> {
    monospec::build("../../spec/monospec.yaml")
}
