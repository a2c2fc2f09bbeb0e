//! Specs that are made up.

use std::fmt::Write;

const HEAD: &str = "\
monospec: 1
service: { name: large, owner: platform, runbook_url: 'https://runbooks.example.com/{alert}' }
scrape: { targets: ['localhost:3000'], interval: 15s }
labels:
  region: [eu, us, asia]
  result: [success, failure]
  tenant: { help: Who is served, max_values: 100 }
# That it is made up is not what is measured.
lints: { unused-metric: allow, missing-up-alert: allow, total-series: allow, untested-alert: allow }
";

/// A spec with so many metrics of three labels each, of all kinds; an alert for ten of them, and a dashboard of twelve panels
/// for a hundred.
pub(crate) fn with(metrics: usize) -> String {
    let mut text = HEAD.to_owned();
    // Writing to a string does not fail.
    let _ = write(&mut text, metrics);
    text
}

/// The same, with an alert on a handwritten expression for each of the metrics.
pub(crate) fn with_expressions(metrics: usize) -> String {
    let mut text = with(metrics);
    let dashboards = text.find("dashboards:").unwrap_or(text.len());
    let rest = text.split_off(dashboards);
    for n in 0..metrics {
        let series = match n % 5 {
            0..=2 => counter(n),
            3 => gauge(n),
            _ => format!("module{n}_time_seconds_count"),
        };
        let series = format!("{series}{{result=\"failure\"}}");
        let rate = match n % 5 {
            3 => series,
            _ => format!("rate({series}[5m])"),
        };
        let _ = writeln!(
            text,
            "  Module{n}Expression:\n    expr: 'sum by (job, region) ({rate}) > {n} and on (job) up == 1'\n    \
             severity: info\n    summary: \"{{{{ $value }}}} in {{{{ $labels.region }}}}\""
        );
    }
    text + &rest
}

fn write(out: &mut String, metrics: usize) -> std::fmt::Result {
    writeln!(out, "metrics:")?;
    for n in 0..metrics {
        let (name, rest) = match n % 5 {
            0..=2 => (counter(n), "type: counter, "),
            3 => (gauge(n), "type: gauge, "),
            _ => (
                format!("module{n}_time_seconds"),
                "type: histogram, buckets: [0.01, 0.1, 0.5, 1, 5], ",
            ),
        };
        let labels = "labels: [region, result, tenant]";
        writeln!(
            out,
            "  {name}: {{ {rest}help: What module {n} did., {labels} }}"
        )?;
    }
    writeln!(out, "alerts:")?;
    for n in (0..metrics).step_by(10) {
        writeln!(
            out,
            "  Module{n}Failing:\n    signal: {}\n    above: {}/s\n    for: 5m\n    severity: warning\n    \
             summary: \"{{{{ $value }}}} events a second, more than {{threshold}}\"",
            counter(n),
            n + 1
        )?;
    }
    writeln!(out, "dashboards:")?;
    for first in (0..metrics).step_by(100) {
        writeln!(
            out,
            "  modules{first}:\n    title: Modules from {first}\n    rows:"
        )?;
        for row in 0..3 {
            writeln!(out, "      - title: Row {row}\n        panels:")?;
            for panel in 0..4 {
                let n = first + row * 20 + panel * 5;
                writeln!(
                    out,
                    "          - {{ title: Module {n}, signal: {}, by: [region] }}",
                    counter(n)
                )?;
            }
        }
    }
    Ok(())
}

fn counter(n: usize) -> String {
    format!("module{n}_events_total")
}

fn gauge(n: usize) -> String {
    format!("module{n}_queue_length")
}
