//! The results as tables of Markdown.

use std::fmt::Write;

use crate::clients::{Case, Client};
use crate::measure::{Cost, Costs};

/// What recording costs: nanoseconds, and allocations if there are any.
pub(crate) fn record(threads: usize, clients: &[Client], rows: &[(Case, Costs)]) -> String {
    let plural = if threads == 1 { "" } else { "s" };
    let names = clients.iter().map(|client| client.name.to_owned());
    let head = std::iter::once(format!("ns a call, {threads} thread{plural}")).chain(names);
    let body = rows.iter().map(|(case, costs)| {
        let cells = clients
            .iter()
            .map(|client| costs.get(client.name).map_or("".into(), cell));
        std::iter::once(case.name().to_owned())
            .chain(cells)
            .collect()
    });
    table(head.collect(), body)
}

/// What writing out costs.
pub(crate) fn write_out(rows: &[(&'static str, Cost, usize)]) -> String {
    let head = ["writing out 10,005 counters", "µs", "allocations", "bytes"];
    let body = rows.iter().map(|(name, cost, bytes)| {
        vec![
            (*name).to_owned(),
            cost.time.as_micros().to_string(),
            format!("{:.0}", cost.allocations),
            bytes.to_string(),
        ]
    });
    table(head.map(str::to_owned).into(), body)
}

fn cell(cost: &Cost) -> String {
    let mut cell = format!("{:.1}", cost.nanoseconds);
    if cost.allocations > 0.0 {
        // Writing to a string does not fail.
        let _ = write!(cell, " ({:.0} allocations)", cost.allocations);
    }
    cell
}

fn table(head: Vec<String>, body: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut rules = vec!["---:".to_owned(); head.len()];
    rules[0] = "---".to_owned();
    let mut out = line(&head) + &line(&rules);
    out.extend(body.map(|row| line(&row)));
    out
}
