//! `monospec lint`.

use clap::Args;

use super::output::{Document, Output};
use super::{Failure, Format, SpecArgument, Status, compile};

/// Read and check a spec; write nothing
///
/// Reads a spec and what it includes, and reports everything that is wrong with it: what cannot be read, what does not
/// resolve, units that disagree, PromQL that asks for what is not there, and what is likely a mistake.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec lint
  monospec lint services/shop/spec/monospec.yaml --deny-warnings
  monospec lint --format json | jq '.findings[].code'

Exit status:
  0  nothing was found, or warnings only
  1  an error was found, or a warning with --deny-warnings
  2  the command could not run")]
pub(super) struct Arguments {
    #[command(flatten)]
    spec: SpecArgument,

    /// Fail on warnings, too
    #[arg(long)]
    deny_warnings: bool,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let spec = arguments.spec.path()?;
    let compilation = compile(&spec, output)?;
    let report = &compilation.report;
    let denied = arguments.deny_warnings && report.warnings() > 0;
    output.findings(&spec, report, denied.then_some("warnings are denied"));
    if output.format == Format::Json {
        output.json(&Document::new(report))?;
    }
    output.sarif(report, &[])?;
    Ok(if report.errors() > 0 || denied {
        Status::Found
    } else {
        Status::Fine
    })
}
