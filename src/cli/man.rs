//! `monospec man`.

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use super::output::Output;
use super::{Cli, Failure, Status};
use crate::artifacts::write_if_changed;

/// Print the manual page, or write all of them
///
/// Prints the page of the command itself, or writes it and a page for every subcommand into a folder.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec man | man -l -
  monospec man ~/.local/share/man/man1

Exit status:
  0  the page was printed, or every page written
  2  the command could not run, or a page could not be written")]
pub(super) struct Arguments {
    /// Where all pages go; without it, one is printed
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    // `monospec help` has no page: the pages are the help.
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &arguments.folder else {
        output.out(&text(&page(command)));
        return Ok(Status::Fine);
    };
    let mut pages = vec![page(command.clone())];
    pages.extend(command.get_subcommands().cloned().map(page));
    for page in &pages {
        let path = folder.join(page.get_filename());
        write_if_changed(&path, text(page).as_bytes())?;
    }
    output.out(&format!(
        "{} pages are in {}\n",
        pages.len(),
        folder.display()
    ));
    Ok(Status::Fine)
}

fn page(command: Command) -> Man {
    Man::new(command).source(concat!("monospec ", env!("CARGO_PKG_VERSION")))
}

fn text(page: &Man) -> String {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = page.render(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}
