//! `monospec resolve`.

use clap::Args;

use super::output::Output;
use super::{Failure, SpecArgument, Status, compile};
use crate::model_json;

/// Print what a spec means, as JSON
///
/// Prints the spec with every reference resolved and every default in its place: what the artefacts are made from. Findings
/// go to stderr, for people, in every format.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec resolve
  monospec resolve spec/monospec.yaml | jq 'keys'
  monospec resolve | jq -r .spec_hash   # the hash in monospec_spec_info

Exit status:
  0  the model was printed
  1  the spec has an error, and no model
  2  the command could not run")]
pub(super) struct Arguments {
    #[command(flatten)]
    spec: SpecArgument,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let spec = arguments.spec.path()?;
    let compilation = compile(&spec, output)?;
    let report = &compilation.report;
    let Some(model) = compilation.model.as_ref() else {
        output.findings_for_people(&spec, report, Some("there is no model"));
        return Ok(Status::Found);
    };
    if !report.findings.is_empty() {
        output.findings_for_people(&spec, report, None);
    }
    output.json(&model_json(model))?;
    Ok(Status::Fine)
}
