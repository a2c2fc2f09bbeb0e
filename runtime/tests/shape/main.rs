//! Code in the form in which it is generated, and what it has to do.

mod exposition;
mod flags;
mod generated;
#[cfg(feature = "health")]
mod health;
mod metrics;
mod overflow;

/// The lines of an exposition that begin with `prefix`.
fn lines<'t>(text: &'t str, prefix: &str) -> Vec<&'t str> {
    text.lines()
        .filter(|line| line.starts_with(prefix))
        .collect()
}

/// The value of the only sample that is written with these labels, `name{labels}` as exposed.
fn value(text: &str, series: &str) -> f64 {
    let samples: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix(series)?.strip_prefix(' '))
        .collect();
    assert_eq!(samples.len(), 1, "{series} in\n{text}");
    samples[0].parse().expect("a sample is a number")
}
