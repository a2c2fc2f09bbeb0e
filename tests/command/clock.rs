//! What day it is decides findings, and never a byte of an artefact.

use std::fs;

use super::{Project, monospec, run};

const SPEC: &str = "monospec: 1
service: { name: shop }
scrape: { targets: [\"localhost:1\"] }
flags:
  NEW_PRICES: { default: true, help: Prices of the new catalogue., expires: 2027-03-31 }
outputs: { rust: generated/metrics.rs }
";

/// Noon of 2027-03-30 and the first second of the day after, in UTC.
const BEFORE: &str = "1806408000";
const ON: &str = "1806451200";

#[test]
fn a_flag_expires_on_its_day_and_changes_no_artefact() {
    let project = Project::new(&[("spec/monospec.yaml", SPEC)]);
    let at = |time: &str, arguments: &[&str]| {
        let mut command = monospec(arguments);
        command
            .current_dir(project.path())
            .env("SOURCE_DATE_EPOCH", time);
        run(&mut command)
    };
    let before = at(BEFORE, &["generate"]);
    assert_eq!((before.status, before.stderr.as_str()), (Some(0), ""));
    let code = fs::read(project.path().join("generated/metrics.rs")).expect("code");
    let on = at(ON, &["lint"]);
    assert_eq!(on.status, Some(0));
    assert!(
        on.stderr.starts_with(
            "warning[flag-expired]: the flag `NEW_PRICES` should be gone since 2027-03-31\n"
        ),
        "{}",
        on.stderr
    );
    let on = at(ON, &["generate"]);
    assert!(on.stdout.ends_with(": 8 unchanged\n"), "{}", on.stdout);
    assert_eq!(
        code,
        fs::read(project.path().join("generated/metrics.rs")).expect("code")
    );
    let denied = at(ON, &["lint", "--deny-warnings"]);
    assert_eq!(denied.status, Some(1));
}
