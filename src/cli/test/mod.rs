//! `monospec test`.

mod promtool;
mod report;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use self::promtool::Promtool;
use super::output::{Document, Output};
use super::{Failure, Format, SpecArgument, Status, compile};
use crate::model::Model;
use crate::model::proof::{RuleProof, Situation};
use crate::targets::{alert_tests, alerts};

/// Prove the alerts with promtool
///
/// Compiles a spec and plays every situation of its alerts in `promtool test rules`: those that follow from their conditions, and
/// those that the spec has under `tests:`. An alert is proven if it was seen to fire, with the labels and annotations that it should
/// have, and seen not to. Nothing is written; what is tested is what `monospec generate` would write.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec test
  monospec test services/shop/spec/monospec.yaml
  monospec test --promtool ~/prometheus-3.5.0/promtool
  monospec test --format json | jq '.rules[] | select(.proven | not)'

Exit status:
  0  every situation went as it should; what has none is told
  1  the spec has an error, or a situation went otherwise
  2  the command could not run: promtool is missing or does not start")]
pub(super) struct Arguments {
    #[command(flatten)]
    spec: SpecArgument,

    /// The promtool to use
    #[arg(long, value_name = "PATH", default_value = "promtool")]
    promtool: PathBuf,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let spec = arguments.spec.path()?;
    let compilation = compile(&spec, output)?;
    let models = &compilation.models;
    if models.is_empty() {
        output.findings(&spec, &compilation.report, Some("nothing was tested"));
        if output.format == Format::Json {
            output.json(&Document::new(&compilation.report))?;
        }
        output.sarif(&compilation.report, &[])?;
        return Ok(Status::Found);
    }
    let promtool = Promtool::find(&arguments.promtool)?;
    let wrong = play(models, &promtool, output)?;
    let mut findings = Vec::new();
    for (at, said) in &wrong {
        let model = &models[at.model];
        let proof = &model.monitoring.proofs[at.rule];
        if let Some(situation) = situations(proof).get(at.situation) {
            let finding = report::contradiction(proof, situation, said);
            findings.push((model.environment.clone(), finding));
        }
    }
    let all = match findings.is_empty() {
        true => compilation.report.clone(),
        false => crate::report_with(&compilation.report, &spec, findings)?,
    };
    if !all.findings.is_empty() {
        output.findings(&spec, &all, None);
    }
    let rules = report::rules(models, |at| !wrong.contains_key(&at));
    match output.format {
        Format::Json => {
            let mut document = Document::new(&all);
            document.rules = Some(rules);
            output.json(&document)?;
        }
        Format::Human => output.out(&report::for_people(&rules, &promtool.version)),
        Format::Github => {}
        Format::Sarif => output.sarif(&all, &[])?,
    }
    Ok(match wrong.is_empty() {
        true => Status::Fine,
        false => Status::Found,
    })
}

/// Where a situation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct At {
    model: usize,
    rule: usize,
    situation: usize,
}

fn situations(proof: &RuleProof) -> &[Situation] {
    proof
        .situations
        .as_ref()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// Situations whose rules are in one file.
struct Part<'m> {
    model: &'m Model,
    situations: Vec<(At, &'m RuleProof, &'m Situation)>,
}

/// Alerts of one file: promtool evaluates all rules of a file in every situation.
const ALERTS_PER_FILE: usize = 16;

fn parts(models: &[Model]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for (index, model) in models.iter().enumerate() {
        let proofs: Vec<_> = model.monitoring.proofs.iter().enumerate().collect();
        // An alert's rules stay together: what fires of one is asked of all of them.
        let alerts: Vec<_> = proofs
            .chunk_by(|(_, a), (_, b)| a.alert == b.alert)
            .collect();
        for some in alerts.chunks(ALERTS_PER_FILE) {
            let each = some.iter().copied().flatten().flat_map(|(rule, proof)| {
                let situations = situations(proof).iter().enumerate();
                situations.map(move |(situation, content)| {
                    let at = At {
                        model: index,
                        rule: *rule,
                        situation,
                    };
                    (at, *proof, content)
                })
            });
            let situations: Vec<_> = each.collect();
            if !situations.is_empty() {
                parts.push(Part { model, situations });
            }
        }
    }
    parts
}

/// Plays all situations; those that went wrong come back, with what promtool said.
fn play(
    models: &[Model],
    promtool: &Promtool,
    output: &mut Output,
) -> Result<HashMap<At, String>, Failure> {
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("cannot make a folder for the tests: {error}")))?;
    let parts = parts(models);
    let files = parts
        .iter()
        .enumerate()
        .map(|(index, part)| part.write(folder.path(), &index.to_string()))
        .collect::<Result<Vec<PathBuf>, Failure>>()?;
    let count = files.len();
    let results = promtool.test(&files, &mut |done| {
        output.stage(&format!("playing part {} of {count}", done + 1));
    })?;
    let mut wrong = HashMap::new();
    for (index, part) in parts
        .iter()
        .enumerate()
        .filter(|(index, _)| results[*index].is_some())
    {
        // Which of them it was, promtool says in words that differ between versions: so one by one.
        let files = part.situations.iter().enumerate().map(|(one, situation)| {
            let alone = Part {
                model: part.model,
                situations: vec![*situation],
            };
            alone.write(folder.path(), &format!("{index}-{one}"))
        });
        let files = files.collect::<Result<Vec<PathBuf>, Failure>>()?;
        let results = promtool.test(&files, &mut |done| {
            output.stage(&format!(
                "looking for what went wrong, {} of {}",
                done + 1,
                files.len()
            ));
        })?;
        let failed = part.situations.iter().zip(results);
        wrong.extend(failed.filter_map(|((at, ..), said)| Some((*at, said?))));
    }
    Ok(wrong)
}

impl Part<'_> {
    /// Writes its rules and its tests.
    fn write(&self, folder: &Path, name: &str) -> Result<PathBuf, Failure> {
        let wanted = |alert: &str| {
            self.situations
                .iter()
                .any(|(_, proof, _)| proof.alert == alert)
        };
        let rules = format!("{name}.yml");
        let tests = folder.join(format!("{name}_test.yml"));
        let situations = self
            .situations
            .iter()
            .map(|(_, proof, situation)| (*proof, *situation));
        let mark = &self.model.mark;
        write(&folder.join(&rules), &alerts::text(self.model, wanted))?;
        write(&tests, &alert_tests::text(mark, situations, rules))?;
        Ok(tests)
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}
