//! `monospec explain`.

use clap::Args;
use serde::Serialize;

use super::output::{Output, STRONG};
use super::{Failure, Format, Status};
use crate::diagnostics::codes::{CODES, Code};
use crate::suggest;

/// Say what a finding means and how to mend it
///
/// Every finding has a code. This prints what the code means, why it matters, and an example of wrong and right; without a code,
/// all of them with how much each weighs by default.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec explain
  monospec explain unknown-metric
  monospec explain --format json | jq '.[].code'

Exit status:
  0  it was printed
  2  there is no such code")]
pub(super) struct Arguments {
    /// The code of a finding, such as `unknown-metric`
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    level: String,
    summary: &'static str,
    markdown: &'static str,
}

impl Entry {
    fn of(code: &Code) -> Self {
        Self {
            code: code.name,
            level: code.weight().to_string(),
            summary: code.summary(),
            markdown: code.text,
        }
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let is_json = output.format == Format::Json;
    match &arguments.code {
        Some(name) => {
            let code = find(name)?;
            if is_json {
                output.json(&Entry::of(code))?;
            } else {
                let weight = code.weight();
                output.out(&format!(
                    "{STRONG}{name}{STRONG:#} ({weight})\n\n{}",
                    code.plain()
                ));
            }
        }
        None if is_json => output.json(&CODES.iter().map(Entry::of).collect::<Vec<_>>())?,
        None => output.out(&list()),
    }
    Ok(Status::Fine)
}

fn find(name: &str) -> Result<&'static Code, Failure> {
    Code::find(name).ok_or_else(|| {
        let failure = Failure::new(format!("no finding has the code `{name}`"));
        let help = match suggest::nearest(name, CODES.iter().map(|code| code.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`monospec explain` lists all of them".to_owned(),
        };
        failure.help(help)
    })
}

fn list() -> String {
    let width = CODES.iter().map(|code| code.name.len()).max().unwrap_or(0);
    let line = |code: &Code| {
        let (name, weight) = (code.name, code.weight());
        let summary = code.summary();
        format!("{STRONG}{name:width$}{STRONG:#}  {weight:5}  {summary}\n")
    };
    CODES.iter().map(line).collect()
}
