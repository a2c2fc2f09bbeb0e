//! The load generator.

use std::net::TcpListener;

use crate::support::{Service, Stores, load};

#[test]
fn load_is_reported() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    let write = ["--rate", "0", "--requests", "500", "--mix", "write"];
    assert!(load::run(&service.address, &write).status.success());
    let arguments = [
        "--rate",
        "100",
        "--requests",
        "200",
        "--connections",
        "4",
        "--mix",
        "read=8,miss=1,/wp-admin=1",
    ];
    let before = service.value_of("database_query_duration_seconds_count{query_type=\"select\"}");
    let output = load::run(&service.address, &arguments);
    assert!(output.status.success(), "{output:?}");
    let report = String::from_utf8(output.stdout).expect("UTF-8");
    let counted = |name: &str| -> u32 {
        let line = report.lines().map(str::trim_start);
        let mut found = line.filter_map(|line| line.strip_prefix(name)?.split_whitespace().next());
        let count = found.next().and_then(|count| count.parse().ok());
        count.unwrap_or_else(|| panic!("no {name} in\n{report}"))
    };
    assert_eq!(counted("answers"), 200);
    assert_eq!(counted("200") + counted("404"), 200);
    assert_eq!(counted("errors"), 0);
    assert!(counted("200") > counted("404"), "{report}");
    for percentile in ["p50 ", "p95 ", "p99 "] {
        assert!(report.contains(percentile), "{report}");
    }
    assert!(
        service.value_of("database_query_duration_seconds_count{query_type=\"select\"}") > before
    );
}

#[test]
fn what_nobody_answers_is_an_error() {
    // The port is taken, so that nobody else answers, and no connection is.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it listens").to_string();
    drop(listener);
    let output = load::run(&address, &["--requests", "3", "--connections", "1"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(report.contains("errors   3\n"), "{report}");
    assert!(report.contains("refused"), "{report}");
}
