//! Feature flags: where they come from and how they are seen.

use crate::generated::{Flags, Metrics};
use crate::{lines, value};

#[test]
fn defaults_are_the_specs() {
    let metrics = Metrics::new();
    let flags = Flags::with_defaults(&metrics);
    assert!(flags.use_unified_attributes());
    assert!(!flags.dual_write_attributes());
    let expected = r#"# HELP feature_flag_status Whether the feature flag is in this state.
# TYPE feature_flag_status gauge
feature_flag_status{flag_name="USE_UNIFIED_ATTRIBUTES",enabled="true"} 1
feature_flag_status{flag_name="USE_UNIFIED_ATTRIBUTES",enabled="false"} 0
feature_flag_status{flag_name="DUAL_WRITE_ATTRIBUTES",enabled="true"} 0
feature_flag_status{flag_name="DUAL_WRITE_ATTRIBUTES",enabled="false"} 1
# HELP feature_flag_invalid Whether the environment variable of the feature flag could not be understood.
# TYPE feature_flag_invalid gauge
feature_flag_invalid{flag_name="USE_UNIFIED_ATTRIBUTES"} 0
feature_flag_invalid{flag_name="DUAL_WRITE_ATTRIBUTES"} 0
"#;
    let text = metrics.encode_text();
    assert!(text.contains(expected), "{text}");
}

#[test]
fn the_environment_is_asked_by_name() {
    let metrics = Metrics::new();
    let flags = Flags::from_source(&metrics, |name| {
        Some(
            if name == "USE_UNIFIED_ATTRIBUTES" {
                " Off\n"
            } else {
                "YES"
            }
            .to_owned(),
        )
    });
    assert!(!flags.use_unified_attributes());
    assert!(flags.dual_write_attributes());
}

#[test]
fn without_a_variable_the_environment_gives_the_default() {
    // Neither of the two is set where tests run.
    let flags = Flags::from_env(&Metrics::new());
    assert!(flags.use_unified_attributes());
    assert!(!flags.dual_write_attributes());
}

#[test]
fn what_is_not_understood_is_the_default_and_shows() {
    let metrics = Metrics::new();
    let flags = Flags::from_source(&metrics, |name| {
        (name == "USE_UNIFIED_ATTRIBUTES").then(|| "hunter2".to_owned())
    });
    assert!(flags.use_unified_attributes());
    let text = metrics.encode_text();
    let invalid = |name| {
        value(
            &text,
            &format!(r#"feature_flag_invalid{{flag_name="{name}"}}"#),
        )
    };
    assert_eq!(invalid("USE_UNIFIED_ATTRIBUTES"), 1.0);
    assert_eq!(invalid("DUAL_WRITE_ATTRIBUTES"), 0.0);
    assert!(!text.contains("hunter2"));
}

#[test]
fn a_flip_is_seen_by_all_and_exposed() {
    let metrics = Metrics::new();
    let flags = Flags::with_defaults(&metrics);
    let clone = flags.clone();
    flags.set_use_unified_attributes(false);
    assert!(!clone.use_unified_attributes());
    let text = metrics.encode_text();
    assert_eq!(
        lines(&text, r#"feature_flag_status{flag_name="USE_"#),
        [
            r#"feature_flag_status{flag_name="USE_UNIFIED_ATTRIBUTES",enabled="true"} 0"#,
            r#"feature_flag_status{flag_name="USE_UNIFIED_ATTRIBUTES",enabled="false"} 1"#,
        ]
    );
}

#[test]
fn flags_are_found_by_name() {
    let metrics = Metrics::new();
    let flags = Flags::with_defaults(&metrics);
    assert_eq!(
        flags.all().set_by_name("DUAL_WRITE_ATTRIBUTES", true),
        Ok(())
    );
    assert!(flags.dual_write_attributes());
    let unknown = flags.all().set_by_name("NO_SUCH_FLAG", true);
    assert_eq!(
        unknown.map_err(|error| error.to_string()),
        Err("no feature flag has this name".to_owned())
    );
    assert_eq!(
        flags.all().iter().collect::<Vec<_>>(),
        [
            ("USE_UNIFIED_ATTRIBUTES", true),
            ("DUAL_WRITE_ATTRIBUTES", true)
        ]
    );
}

#[test]
fn the_flags_made_last_are_exposed_once() {
    let metrics = Metrics::new();
    let _first = Flags::with_defaults(&metrics);
    let second = Flags::with_defaults(&metrics);
    second.set_use_unified_attributes(false);
    let text = metrics.encode_text();
    assert_eq!(lines(&text, "# TYPE feature_flag_status").len(), 1);
    let on = r#"feature_flag_status{flag_name="USE_UNIFIED_ATTRIBUTES",enabled="true"}"#;
    assert_eq!(value(&text, on), 0.0);
}
