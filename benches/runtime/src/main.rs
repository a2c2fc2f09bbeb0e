//! What it costs to record and to write out metrics: through code that monospec generated, with other clients, and what a
//! bare atomic addition costs on the same machine.
//!
//! ```text
//! cargo run --release --package monospec-bench-runtime
//! ```
//!
//! With an argument only that is measured whose name contains it.
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
    let wanted = |name: &str| only.as_ref().is_none_or(|only| name.contains(only));
    let cases = clients::CASES.into_iter();
    let cases: Vec<Case> = cases.filter(|case| wanted(case.name())).collect();
    let clients = clients::all();
    let mut out = std::io::stdout().lock();
    for threads in [1, 2].into_iter().filter(|_| !cases.is_empty()) {
        let rows = measure::record(&clients, &cases, threads);
        writeln!(out, "{}", table::record(threads, &clients, &rows))?;
    }
    if wanted("writing out") {
        writeln!(out, "{}", table::write_out(&measure::write_out(&clients)))?;
    }
    Ok(())
}
