//! What Prometheus' own checker says.

use std::process::Command;

use monospec_runtime::codegen::v1::{Descriptor, Label};

use crate::families;
use crate::support::feed;

fn check(text: &str) -> (bool, String) {
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "metrics"]);
    let install = "scripts/test installs it, with Prometheus";
    let output = feed(&mut promtool, text.as_bytes(), install).expect("promtool can be asked");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

#[test]
fn nothing_is_wrong_with_metrics_that_are_well_named() {
    let registry = monospec_runtime::Registry::new();
    registry.process_metrics();
    registry.spec_info("0123456789abcdef");
    let labels = [Label::closed("result", &["hit\n", "\"miss\"", "\\"])];
    let lookups = Descriptor::new("lookups_total", "Lookups in \\ and \"\n\".").labels(&labels);
    registry.counter(lookups).closed(1).inc();
    let times = Descriptor::new("lookup_duration_seconds", "Time.").unit("seconds");
    registry
        .histogram(times.labels(&labels), &[1e-5, 0.5, 1.0])
        .closed(2)
        .observe(0.75);
    assert_eq!(check(&registry.encode_text()), (true, String::new()));
}

#[test]
fn whatever_is_named_can_be_read() {
    let (_, said) = check(&families::registry().encode_text());
    // Names are the spec's, and linted there.
    assert!(!said.contains("error"), "{said}");
    let (read, said) = check("jobs_total{a=} 1\n");
    assert!(!read && said.contains("error"), "{said}");
}
