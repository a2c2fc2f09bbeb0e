//! What it costs to record and to write out metrics: through code that monospec generated, with other clients, and what a
//! bare atomic addition costs on the same machine.
//!
//! ```text
//! cargo run --release --package monospec-bench-runtime
//! ```
//!
//! With an argument only the cases are measured whose name contains it.
//!
//! Every client does the same in turn, round after round, and the median of the rounds is told: the machine's moods meet all of
//! them alike. The tables are Markdown. What matters are the ratios within one run.

mod allocations;
mod clients;
mod input;
mod measure;
mod table;

use std::error::Error;
use std::io::Write;

use clients::Case;

fn main() -> Result<(), Box<dyn Error>> {
    let only = std::env::args().nth(1);
    let wanted = |case: &Case| only.as_ref().is_none_or(|only| case.name().contains(only));
    let cases: Vec<Case> = clients::CASES.into_iter().filter(wanted).collect();
    let clients = clients::all();
    let mut out = std::io::stdout().lock();
    for threads in [1, 2] {
        let rows = measure::record(&clients, &cases, threads);
        writeln!(out, "{}", table::record(threads, &clients, &rows))?;
    }
    if only.is_none() {
        writeln!(out, "{}", table::write_out(&measure::write_out(&clients)))?;
    }
    Ok(())
}
