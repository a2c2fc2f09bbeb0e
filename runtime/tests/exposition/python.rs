//! What the client of Python reads: its parser of the text format, and its strict one of OpenMetrics.

use std::path::Path;
use std::process::Command;

use monospec_runtime::Format;
use monospec_runtime::codegen::v1::{Descriptor, Label, Registry};
use serde_json::Value;

use crate::families;
use crate::sample::{Sample, Told, sorted};
use crate::support::feed;

/// What a parser says of an exposition, or why it refuses it.
pub(crate) fn read(parser: &str, exposition: &str) -> Result<Vec<Value>, String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(package.join("../target/python/bin/python3"));
    python
        .arg(package.join("tests/exposition/read.py"))
        .arg(parser);
    let install = "scripts/test installs it, with the client of Prometheus";
    let output = feed(&mut python, exposition.as_bytes(), install).expect("Python can be asked");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn list(value: &Value) -> &[Value] {
    value
        .as_array()
        .unwrap_or_else(|| panic!("no list: {value}"))
}

pub(crate) fn samples(families: &[Value]) -> Vec<Sample> {
    let samples = families.iter().flat_map(|family| list(&family["samples"]));
    let sample = |sample: &Value| {
        let labels = sample["labels"].as_object().expect("labels");
        let labels = labels
            .iter()
            .map(|(name, value)| (name.as_str(), text(value)));
        let value = text(&sample["value"]).parse().expect("a number");
        Sample::new(text(&sample["name"]), labels, value)
    };
    sorted(samples.map(sample))
}

pub(crate) fn told(families: &[Value]) -> Vec<Told> {
    let told = |family: &Value| {
        let said = |what: &str| text(&family[what]);
        Told::new(said("name"), said("type"), said("help"), said("unit"))
    };
    sorted(families.iter().map(told))
}

#[test]
fn the_text_format_arrives_intact() {
    let text = families::registry().encode(Format::Text);
    let read = read("text", &text).expect("it is accepted");
    assert_eq!(samples(&read), sorted(families::samples()));
    // This parser calls counters like OpenMetrics does.
    let expected = families::told_in_text().into_iter().map(|mut told| {
        if told.kind == "counter" {
            told.name = told.name.trim_end_matches("_total").to_owned();
        }
        told
    });
    assert_eq!(told(&read), sorted(expected));
}

#[test]
fn openmetrics_arrives_intact() {
    let text = families::registry().encode(Format::OpenMetrics);
    let read = read("openmetrics", &text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    assert_eq!(samples(&read), sorted(families::samples()));
    assert_eq!(told(&read), sorted(families::told_in_openmetrics()));
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_process_tells_has_units() {
    let registry = Registry::new();
    registry.process_metrics();
    let read = read("openmetrics", &registry.encode(Format::OpenMetrics)).expect("accepted");
    let mut told = told(&read);
    told.iter_mut().for_each(|told| told.help.clear());
    let expected = [
        ("process_cpu_seconds", "counter", "seconds"),
        ("process_max_fds", "gauge", ""),
        ("process_open_fds", "gauge", ""),
        ("process_resident_memory_bytes", "gauge", "bytes"),
        ("process_start_time_seconds", "gauge", "seconds"),
        ("process_threads", "gauge", ""),
        ("process_virtual_memory_bytes", "gauge", "bytes"),
    ];
    assert_eq!(
        told,
        expected.map(|(name, kind, unit)| Told::new(name, kind, "", unit))
    );
}

/// Pairs whose names clash in OpenMetrics, were each told with its own type.
#[test]
fn families_do_not_clash() {
    let registry = Registry::new();
    registry.process_metrics();
    let counter = |name| registry.counter(Descriptor::new(name, "")).closed(0).inc();
    let gauge = |name| registry.gauge(Descriptor::new(name, "")).closed(0).set(1.0);
    let info = |name| {
        let labels = [Label::closed("version", &["1"])];
        let info = registry.info(Descriptor::new(name, "").labels(&labels));
        info.closed(0).set();
    };
    let histogram = |name| {
        let histogram = registry.histogram(Descriptor::new(name, ""), &[0.5]);
        histogram.closed(0).observe(0.1);
    };
    info("jobs_info");
    counter("jobs_total");
    counter("rows_total");
    gauge("rows_created");
    gauge("files_created");
    counter("files_total");
    counter("users_total");
    counter("users_created_total");
    info("users_created_info");
    histogram("wait");
    counter("wait_total");
    info("wait_created_info");
    counter("wait_count_total");
    info("wait_bucket_info");
    // Beside what the runtime exposes by itself.
    info("process_cpu_seconds_info");
    counter("process_threads_total");
    info("monospec_label_overflow_info");

    let text = registry.encode(Format::OpenMetrics);
    let parsed = read("openmetrics", &text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    let told = told(&parsed).into_iter().map(|told| (told.name, told.kind));
    let told: Vec<_> = told
        .filter(|(name, _)| !name.starts_with("process_"))
        .collect();
    let expected = [
        ("files_created", "gauge"),
        ("files_total", "unknown"),
        ("jobs", "counter"),
        ("jobs_info", "gauge"),
        ("monospec_label_overflow_info", "gauge"),
        ("rows_created", "gauge"),
        ("rows_total", "unknown"),
        ("users", "counter"),
        ("users_created_info", "gauge"),
        ("users_created_total", "unknown"),
        ("wait", "histogram"),
        ("wait_bucket_info", "gauge"),
        ("wait_count_total", "unknown"),
        ("wait_created_info", "gauge"),
        ("wait_total", "unknown"),
    ];
    assert_eq!(
        told,
        expected.map(|(name, kind)| (name.to_owned(), kind.to_owned()))
    );

    // Whatever is told, the samples are the same.
    let text = read("text", &registry.encode(Format::Text)).expect("it is accepted");
    let of_process = |sample: &Sample| sample.name.starts_with("process_");
    let own = |all| {
        samples(all)
            .into_iter()
            .filter(|sample| !of_process(sample))
            .collect::<Vec<_>>()
    };
    assert_eq!(own(&parsed), own(&text));
}

/// OpenMetrics has no sum of what can be negative, and without it no count.
#[test]
fn a_sum_that_can_fall_is_not_told() {
    let registry = Registry::new();
    for (name, bounds, values) in [
        ("below_zero", &[-1.0, 1.0], [0.5, 2.0]),
        ("negative", &[0.0, 1.0], [0.5, -1.0]),
        // What is infinite is counted and not added up.
        ("infinite", &[0.0, 1.0], [f64::INFINITY, f64::NEG_INFINITY]),
        ("usual", &[0.0, 1.0], [0.5, -0.5]),
    ] {
        let histogram = registry.histogram(Descriptor::new(name, ""), bounds);
        for value in values {
            histogram.closed(0).observe(value);
        }
    }
    let text = registry.encode(Format::OpenMetrics);
    let parsed = read("openmetrics", &text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    let names = |parsed: &[Value]| {
        let names = samples(parsed).into_iter().map(|sample| sample.name);
        let mut names: Vec<_> = names.filter(|name| !name.ends_with("_bucket")).collect();
        names.sort();
        names
    };
    let told = ["infinite_count", "infinite_sum", "usual_count", "usual_sum"];
    assert_eq!(names(&parsed), told);
    assert_eq!(samples(&parsed).len(), 4 * 3 + told.len());
    let text = read("text", &registry.encode(Format::Text)).expect("it is accepted");
    assert_eq!(names(&text).len(), 4 * 2);
}

#[test]
fn the_strict_parser_is_strict() {
    assert!(read("openmetrics", "jobs_total 1\n").is_err());
    assert!(read("openmetrics", "# TYPE a counter\na 1\n# EOF\n").is_err());
}
