//! `monospec resolve`.

use clap::Args;

use super::output::Output;
use super::{Failure, SpecArgument, Status, compile};
use crate::model::Model;
use crate::{model_json, suggest};

/// Print what a spec means, as JSON
///
/// Prints the spec with every reference resolved and every default in its place: what the artefacts are made from. Findings
/// go to stderr, for people, in every format.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec resolve
  monospec resolve spec/monospec.yaml | jq 'keys'
  monospec resolve --environment production
  monospec resolve | jq -r .spec_hash   # the hash in monospec_spec_info

Exit status:
  0  the model was printed
  1  the spec has an error, and no model
  2  the command could not run")]
pub(super) struct Arguments {
    #[command(flatten)]
    spec: SpecArgument,

    /// The environment, of a spec that has some
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let spec = arguments.spec.path()?;
    let compilation = compile(&spec, output)?;
    let report = &compilation.report;
    if compilation.models.is_empty() {
        output.findings_for_people(&spec, report, Some("there is no model"));
        return Ok(Status::Found);
    }
    if !report.findings.is_empty() {
        output.findings_for_people(&spec, report, None);
    }
    output.json(&model_json(chosen(
        &compilation.models,
        arguments.environment.as_deref(),
    )?))?;
    Ok(Status::Fine)
}

/// The model of an environment; which one has to be said where there are several.
fn chosen<'m>(models: &'m [Model], environment: Option<&str>) -> Result<&'m Model, Failure> {
    let names = || {
        models
            .iter()
            .filter_map(|model| model.environment.as_deref())
    };
    let list = suggest::list(names());
    match (models, environment) {
        ([model], None) => Ok(model),
        (_, None) => Err(
            Failure::new("the spec means something else in each environment")
                .help(format!("say `--environment` with {list}")),
        ),
        (models, Some(name)) => {
            let model = models
                .iter()
                .find(|model| model.environment.as_deref() == Some(name));
            model.ok_or_else(|| {
                Failure::new(format!("the spec has no environment `{name}`"))
                    .help(format!("there is {list}"))
            })
        }
    }
}
