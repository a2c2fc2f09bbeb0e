//! Families of every kind, and what every reader has to make of them.

use monospec_runtime::codegen::v1::{Descriptor, Label, Registry};

use crate::sample::{Sample, Told};

/// A text in which everything stands that is special somewhere.
const HELP: &str = r#"Größe in "Zoll", 50 % \ 100 % {a="b"} # 文字"#;
const HELP_OF_TWO_LINES: &str = "One \\n is no line feed,\nthis\twas one.";

const PATHS: &[&str] = &[
    r"C:\spool\new",
    r#"say "no""#,
    "two\nlines",
    r#"\"#,
    r#"\n"#,
    "größer als 文字",
    r#"a="b",c="d"} 1 # {}"#,
];
const EXTREMES: &[(&str, f64)] = &[
    ("not a number", f64::NAN),
    ("infinity", f64::INFINITY),
    ("minus infinity", f64::NEG_INFINITY),
    ("largest", f64::MAX),
    ("smallest", 5e-324),
    ("negative", -0.001),
    ("million", 1e6),
    ("less than a million", 999_999.5),
    ("timestamp", 1_756_891_671.25),
];
/// The bounds of a histogram and their one spelling.
const BOUNDS: &[(f64, &str)] = &[
    (1e-5, "1e-05"),
    (0.0001, "0.0001"),
    (0.025, "0.025"),
    (1.0, "1.0"),
    (2.5, "2.5"),
    (100_000.0, "100000.0"),
    (1e6, "1e+06"),
    (2.5e7, "2.5e+07"),
];

/// The families, registered.
pub(crate) fn registry() -> Registry {
    let registry = Registry::new();

    let labels = [
        Label::closed("path", PATHS),
        Label::closed("kind", &["a", "b"]),
    ];
    let jobs = Descriptor::new("jobs_total", HELP).labels(&labels);
    let jobs = registry.counter(jobs);
    for index in 0..PATHS.len() as u64 * 2 {
        jobs.closed(index as usize).add(index * 1_000_003);
    }

    let lengths = registry.open_label(10);
    let labels = [Label::open("name", &lengths)];
    let extremes = Descriptor::new("extreme_ratio", HELP_OF_TWO_LINES)
        .unit("ratio")
        .labels(&labels);
    let extremes = registry.gauge(extremes);
    for (name, value) in EXTREMES {
        extremes.open(0, &[name]).set(*value);
    }

    let pauses = Descriptor::new("pause_seconds_total", "Time in pauses.").unit("seconds");
    registry.float_counter(pauses).closed(0).add(0.375);
    let most = Descriptor::new("most_total", "As many as there can be.");
    registry.counter(most).closed(0).add(u64::MAX);
    let usage = Descriptor::new("usage", "A counter that is not called one.");
    registry.counter(usage).closed(0).add(7);

    let labels = [Label::http_status("status", &[200])];
    let sizes = Descriptor::new("answer_bytes", "Size of answers.")
        .unit("bytes")
        .labels(&labels);
    let bounds: Vec<f64> = BOUNDS.iter().map(|(bound, _)| *bound).collect();
    let sizes = registry.histogram(sizes, &bounds);
    for (index, bound) in bounds.iter().enumerate() {
        for _ in 0..=index {
            sizes.status(0, 404.into()).observe(*bound);
        }
    }
    sizes.status(0, 404.into()).observe(1e9);
    let plain = Descriptor::new("turn_seconds", "").unit("seconds");
    registry.histogram(plain, &[0.5]).closed(0).observe(0.25);

    let labels = [Label::closed("version", &["1.2\n"])];
    let build = Descriptor::new("build_info", "What runs.").labels(&labels);
    registry.info(build).closed(0).set();
    let flavour = Descriptor::new("flavour", "An info that is not called one.").labels(&labels);
    registry.info(flavour).closed(0).set();

    // Called like another family once its suffix is gone.
    let queue = Descriptor::new("queue", "What waits.").unit("meters");
    registry.gauge(queue).closed(0).set(3.0);
    let queued = Descriptor::new("queue_total", "What ever waited.").former_name("queued_total");
    registry.counter(queued).closed(0).add(12);

    let never = Descriptor::new("never", "A family without a series.").labels(&labels);
    registry.info(never);
    registry.spec_info("0123456789abcdef");
    registry
}

/// Their samples.
pub(crate) fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut add = |name: &str, labels: &[(&str, &str)], value: f64| {
        samples.push(Sample::new(name, labels.iter().copied(), value));
    };
    let mut index = 0.0;
    for path in PATHS {
        for kind in ["a", "b"] {
            add(
                "jobs_total",
                &[("path", path), ("kind", kind)],
                index * 1_000_003.0,
            );
            index += 1.0;
        }
    }
    for (name, value) in EXTREMES {
        add("extreme_ratio", &[("name", name)], *value);
    }
    add("pause_seconds_total", &[], 0.375);
    add("most_total", &[], u64::MAX as f64);
    add("usage", &[], 7.0);
    let mut count = 0.0;
    let mut sum = 0.0;
    for (index, (bound, text)) in BOUNDS.iter().enumerate() {
        for _ in 0..=index {
            count += 1.0;
            sum += bound;
        }
        add(
            "answer_bytes_bucket",
            &[("status", "404"), ("le", text)],
            count,
        );
        add(
            "answer_bytes_bucket",
            &[("status", "200"), ("le", text)],
            0.0,
        );
    }
    for (status, count, sum) in [("404", count + 1.0, sum + 1e9), ("200", 0.0, 0.0)] {
        add(
            "answer_bytes_bucket",
            &[("status", status), ("le", "+Inf")],
            count,
        );
        add("answer_bytes_count", &[("status", status)], count);
        add("answer_bytes_sum", &[("status", status)], sum);
    }
    for bound in ["0.5", "+Inf"] {
        add("turn_seconds_bucket", &[("le", bound)], 1.0);
    }
    add("turn_seconds_count", &[], 1.0);
    add("turn_seconds_sum", &[], 0.25);
    add("build_info", &[("version", "1.2\n")], 1.0);
    add("flavour", &[("version", "1.2\n")], 1.0);
    add("queue", &[], 3.0);
    add("queue_total", &[], 12.0);
    add("queued_total", &[], 12.0);
    add("monospec_spec_info", &[("hash", "0123456789abcdef")], 1.0);
    add("monospec_label_overflow_total", &[("label", "name")], 0.0);
    samples
}

/// What the text format tells of them.
pub(crate) fn told_in_text() -> Vec<Told> {
    let told = |name, kind, help| Told::new(name, kind, help, "");
    vec![
        told("jobs_total", "counter", HELP),
        told("extreme_ratio", "gauge", HELP_OF_TWO_LINES),
        told("pause_seconds_total", "counter", "Time in pauses."),
        told("most_total", "counter", "As many as there can be."),
        told("usage", "unknown", "A counter that is not called one."),
        told("answer_bytes", "histogram", "Size of answers."),
        told("turn_seconds", "histogram", ""),
        told("build_info", "gauge", "What runs."),
        told("flavour", "gauge", "An info that is not called one."),
        told("queue", "gauge", "What waits."),
        told("queue_total", "counter", "What ever waited."),
        told("queued_total", "counter", "What ever waited."),
        told(
            "monospec_spec_info",
            "gauge",
            "The spec that the program was built from.",
        ),
        told(
            "monospec_label_overflow_total",
            "counter",
            "Label values recorded as _other because a bound was reached.",
        ),
    ]
}

/// What OpenMetrics tells of them.
pub(crate) fn told_in_openmetrics() -> Vec<Told> {
    let told = Told::new;
    vec![
        told("jobs", "counter", HELP, ""),
        told("extreme_ratio", "gauge", HELP_OF_TWO_LINES, "ratio"),
        told("pause_seconds", "counter", "Time in pauses.", "seconds"),
        told("most", "counter", "As many as there can be.", ""),
        told("usage", "unknown", "A counter that is not called one.", ""),
        told("answer_bytes", "histogram", "Size of answers.", "bytes"),
        told("turn_seconds", "histogram", "", "seconds"),
        told("build", "info", "What runs.", ""),
        told("flavour", "gauge", "An info that is not called one.", ""),
        told("queue", "gauge", "What waits.", ""),
        told("queue_total", "unknown", "What ever waited.", ""),
        told("queued", "counter", "What ever waited.", ""),
        told(
            "monospec_spec",
            "info",
            "The spec that the program was built from.",
            "",
        ),
        told(
            "monospec_label_overflow",
            "counter",
            "Label values recorded as _other because a bound was reached.",
            "",
        ),
    ]
}
