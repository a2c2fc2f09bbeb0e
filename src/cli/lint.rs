//! `monospec lint`.

use clap::Args;

use super::fix::{self, Mended};
use super::output::{Document, GOOD, Output};
use super::{Failure, Format, SpecArgument, Status, compile};
use crate::diagnostics::counted;

/// Read and check a spec
///
/// Reads a spec and what it includes, and reports everything that is wrong with it: what cannot be read, what does not
/// resolve, units that disagree, PromQL that asks for what is not there, and what is likely a mistake. Writes nothing, unless `--fix`
/// is given.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec lint
  monospec lint services/shop/spec/monospec.yaml --deny-warnings
  monospec lint --fix
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

    /// Mend in the spec what has just one way to be mended, such as a misspelt name, and look again
    #[arg(long)]
    fix: bool,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let spec = arguments.spec.path()?;
    let mut compilation = compile(&spec, output)?;
    let mut mended = None;
    let mut left = 0;
    if arguments.fix {
        let fixed = fix::run(&spec, compilation, output)?;
        (compilation, left) = (fixed.0, fixed.2);
        mended = Some(fixed.1);
    }
    let report = &compilation.report;
    if output.format == Format::Human {
        output.out(&for_people(mended.as_deref().unwrap_or_default()));
    }
    let denied = arguments.deny_warnings && report.warnings() > 0;
    let mut consequences = Vec::new();
    if left > 0 {
        let fixes = counted(left, "fix");
        consequences.push(format!(
            "{fixes} left out: each would put a second entry where there is one"
        ));
    }
    if denied {
        consequences.push("warnings are denied".to_owned());
    }
    let consequence = consequences.join("; ");
    output.findings(
        &spec,
        report,
        (!consequence.is_empty()).then_some(&consequence),
    );
    if output.format == Format::Json {
        let mut document = Document::new(report);
        document.mended = mended;
        output.json(&document)?;
    }
    output.sarif(report, &[])?;
    Ok(if report.errors() > 0 || denied {
        Status::Found
    } else {
        Status::Fine
    })
}

fn for_people(mended: &[Mended]) -> String {
    let line = |what: &Mended| {
        let Mended {
            file,
            line,
            column,
            old,
            new,
            ..
        } = what;
        format!("{GOOD}mended{GOOD:#}  {file}:{line}:{column}: {old} → {new}\n")
    };
    mended.iter().map(line).collect()
}
