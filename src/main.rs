//! The command `monospec`.
fn main() -> std::process::ExitCode {
    monospec::cli::main()
}
