//! What the official client of Rust exposes of a registry that is its collector.

use monospec_runtime::Format;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::families;
use crate::python;
use crate::sample::{Sample, sorted};

#[test]
fn the_official_client_exposes_the_same() {
    let ours = families::registry();
    let mut registry = Registry::default();
    registry.register_collector(Box::new(ours.clone()));
    let mut theirs = String::new();
    encode(&mut theirs, &registry).expect("a string takes anything");
    let theirs =
        python::read("openmetrics", &theirs).unwrap_or_else(|why| panic!("{why}\n{theirs}"));
    let ours = python::read("openmetrics", &ours.encode(Format::OpenMetrics)).expect("accepted");
    assert_eq!(python::told(&theirs), python::told(&ours));
    assert_eq!(
        as_numbers(python::samples(&theirs)),
        as_numbers(python::samples(&ours))
    );
}

/// Samples whose bounds are spelled in one way: very small and large ones that client spells in another.
fn as_numbers(samples: Vec<Sample>) -> Vec<Sample> {
    sorted(samples.into_iter().map(|mut sample| {
        if let Some(bound) = sample.labels.get_mut("le") {
            *bound = bound.parse::<f64>().expect("a number").to_string();
        }
        sample
    }))
}

#[test]
fn it_adds_its_prefix_and_labels() {
    let mut registry =
        Registry::with_prefix_and_labels("app", [("zone".into(), "a".into())].into_iter());
    registry.register_collector(Box::new(families::registry()));
    let mut text = String::new();
    encode(&mut text, &registry).expect("a string takes anything");
    python::read("openmetrics", &text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    assert!(text.contains("\napp_queue{zone=\"a\"} 3.0\n"), "{text}");
    assert!(
        text.contains("\napp_build_info{zone=\"a\",version=\"1.2\\n\"} 1\n"),
        "{text}"
    );
}
