//! `monospec completions`.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::output::Output;
use super::{Cli, Failure, Status};

/// Print what makes a shell complete the command
///
/// Prints a script for the shell: its completions of commands, options and their values.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec completions bash > ~/.local/share/bash-completion/completions/monospec
  monospec completions zsh > \"${fpath[1]}/_monospec\"
  monospec completions fish > ~/.config/fish/completions/monospec.fish

Exit status:
  0  the script was printed
  2  the command could not run")]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let mut script = Vec::new();
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    output.out(&String::from_utf8_lossy(&script));
    Ok(Status::Fine)
}
