//! The command `monospec`.

mod cargo;
mod check;
mod completions;
mod diff;
mod explain;
mod fix;
mod generate;
mod init;
mod lint;
mod man;
mod output;
mod progress;
mod resolve;
mod schema;
mod test;

use std::env;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use self::output::Output;
use crate::Compilation;
use crate::artifacts::{self, Artifacts};
use crate::model::Model;
use crate::spec::ReadError;
use crate::targets::Target;

/// One typed spec of a service's monitoring compiles into everything that has to agree about it
///
/// monospec reads a service's metrics, feature flags, health checks, alerts and dashboards from one spec, checks them against
/// each other, and generates what is made of them: prometheus.yml, alerting rules, Grafana dashboards and Rust code.
#[derive(Debug, Parser)]
#[command(
    name = "monospec",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    after_long_help = "\
Exit status:
  0  nothing was found, or warnings only
  1  the spec has an error, or an artefact is not what the spec says
  2  the command could not run: wrong usage, an unreadable file, a file that may not be overwritten"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    global: Global,
}

#[derive(Debug, Args)]
struct Global {
    /// How findings are printed
    #[arg(
        long,
        value_enum,
        default_value_t,
        global = true,
        value_name = "FORMAT"
    )]
    format: Format,

    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto, global = true, value_name = "WHEN")]
    color: ColorChoice,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: the look of rustc, on stderr
    #[default]
    Human,
    /// For programs: one document, on stdout
    Json,
    /// For GitHub Actions: annotations, on stdout
    Github,
    /// For code hosts and editors: a log of SARIF 2.1.0, on stdout
    Sarif,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    Lint(lint::Arguments),
    Generate(generate::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Test(test::Arguments),
    Resolve(resolve::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// The spec, for the commands that read one.
#[derive(Debug, Args)]
struct SpecArgument {
    /// The spec [default: spec/monospec.yaml, then monospec.yaml]
    #[arg(value_name = "SPEC")]
    spec: Option<PathBuf>,
}

/// Where a spec is looked for when none is named.
const DEFAULT_SPECS: [&str; 2] = ["spec/monospec.yaml", "monospec.yaml"];

impl SpecArgument {
    fn path(&self) -> Result<PathBuf, Failure> {
        if let Some(spec) = &self.spec {
            return Ok(spec.clone());
        }
        DEFAULT_SPECS
            .into_iter()
            .map(PathBuf::from)
            .find(|path| path.exists())
            .ok_or_else(|| {
                let [first, second] = DEFAULT_SPECS;
                Failure::new(format!(
                    "there is no spec here, neither `{first}` nor `{second}`"
                ))
                .help("name one, run monospec in the folder of the project, or begin with `monospec init`")
            })
    }
}

/// How a command ended that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Nothing was found, or warnings only.
    Fine,
    /// The spec has an error, or an artefact is not what the spec says.
    Found,
}

/// Why a command could not run.
#[derive(Debug)]
struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<artifacts::Error> for Failure {
    fn from(error: artifacts::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// Runs the command with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            asked_color().write_global();
            // Whoever closed the pipe does not want to read that it is closed.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    stream_color(cli.global.color).write_global();
    let mut output = Output::new(cli.global.format);
    let result = match &cli.command {
        Command::Init(arguments) => init::run(arguments, &mut output),
        Command::Lint(arguments) => lint::run(arguments, &mut output),
        Command::Generate(arguments) => generate::run(arguments, &mut output),
        Command::Check(arguments) => check::run(arguments, &mut output),
        Command::Explain(arguments) => explain::run(arguments, &mut output),
        Command::Test(arguments) => test::run(arguments, &mut output),
        Command::Resolve(arguments) => resolve::run(arguments, &mut output),
        Command::Schema(arguments) => schema::run(arguments, &mut output),
        Command::Completions(arguments) => completions::run(arguments, &mut output),
        Command::Man(arguments) => man::run(arguments, &mut output),
    };
    let status = match result {
        Ok(Status::Fine) => 0,
        Ok(Status::Found) => 1,
        Err(failure) => {
            output.failure(&failure);
            2
        }
    };
    output.finish(status)
}

/// Reads and checks a spec, and says so to those who wait.
///
/// The process ends soon after: nothing is given back piece by piece that the system takes back at once.
fn compile(spec: &Path, output: &mut Output) -> Result<ManuallyDrop<Compilation>, Failure> {
    let (compilation, spec) = crate::compile_telling(spec, &mut |step| output.stage(step))?;
    std::mem::forget(spec);
    Ok(ManuallyDrop::new(compilation))
}

/// The artefacts of one target, in all environments.
fn render(models: &[Model], target: &Target, output: &mut Output) -> Artifacts {
    output.stage(&format!("rendering {}", target.name));
    let mut artifacts = Artifacts::default();
    for model in models {
        (target.render)(model, &mut artifacts);
        artifacts.search(&model.outputs.folders);
    }
    artifacts
}

fn stream_color(choice: ColorChoice) -> anstream::ColorChoice {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
}

/// What `--color` says in arguments that could not be parsed, so that help and usage errors heed it too.
fn asked_color() -> anstream::ColorChoice {
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let choice = arguments.iter().enumerate().find_map(|(i, argument)| {
        let value = argument.strip_prefix("--color")?;
        match value.strip_prefix('=') {
            Some(value) => Some(value),
            None if value.is_empty() => arguments.get(i + 1).map(String::as_str),
            None => None,
        }
    });
    let choice = choice.and_then(|value| ColorChoice::from_str(value, false).ok());
    stream_color(choice.unwrap_or(ColorChoice::Auto))
}

/// The command that renews the artefacts of a spec, to be pasted into a shell.
fn generate_command(spec: &Path) -> String {
    format!("monospec generate {}", pasteable(spec))
}

/// A path as a shell takes it.
fn pasteable(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\._-+:@,%".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        return path;
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_command_can_be_pasted() {
        let command = |spec| generate_command(Path::new(spec));
        assert_eq!(
            command("spec/monospec.yaml"),
            "monospec generate spec/monospec.yaml"
        );
        assert_eq!(
            command("a b/it's.yaml"),
            r"monospec generate 'a b/it'\''s.yaml'"
        );
    }
}
