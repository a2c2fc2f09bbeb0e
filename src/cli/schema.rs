//! `monospec schema`.

use clap::Args;

use super::output::Output;
use super::{Failure, Status};
use crate::spec::document::json_schema;

/// Print the JSON Schema of the language
///
/// An editor that knows the schema completes and checks a spec while it is written.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec schema > monospec.schema.json

  and in the first line of a spec, for editors with a YAML language server:
  # yaml-language-server: $schema=../monospec.schema.json

Exit status:
  0  the schema was printed
  2  the command could not run")]
pub(super) struct Arguments {}

pub(super) fn run(_arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    output.json(&json_schema())?;
    Ok(Status::Fine)
}
