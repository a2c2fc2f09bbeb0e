//! The check itself: it finds what is wrong.

use serde_json::{Value, json};

use super::check::check_dashboard;
use super::{json_of, overview};

/// The problems of the example after a change at one place.
fn after(pointer: &str, change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut dashboard = json_of(overview());
    change(dashboard.pointer_mut(pointer).expect(pointer));
    check_dashboard(&dashboard)
}

/// The change is found, and nothing else.
#[track_caller]
fn finds(pointer: &str, change: impl FnOnce(&mut Value), problem: &str) {
    let problems = after(pointer, change);
    assert!(!problems.is_empty(), "not found: {problem}");
    for found in &problems {
        assert!(found.contains(problem), "{found}\n does not say {problem}");
    }
}

/// The change is found by a schema, which has words of its own.
#[track_caller]
fn is_refused(pointer: &str, value: Value, place: &str) {
    let problems = after(pointer, |old| *old = value);
    assert!(
        problems.iter().any(|found| found.starts_with(place)),
        "nothing at {place}: {problems:#?}"
    );
}

#[test]
fn a_dashboard_without_fault_passes() {
    assert_eq!(after("/title", |_| {}), [""; 0]);
}

#[test]
fn what_the_schemas_know() {
    is_refused("/refresh", json!(30), "/refresh");
    is_refused(
        "/templating/list/1/multi",
        json!("yes"),
        "/templating/list/1/multi",
    );
    is_refused(
        "/panels/1/gridPos/x",
        json!(-1.5),
        "panel `Firing Alerts`/gridPos/x",
    );
    is_refused(
        "/panels/5/targets/0/editorMode",
        json!("codes"),
        "panel `Request Rate & Duration` target A/editorMode",
    );
    is_refused(
        "/panels/5/options/legend/placement",
        json!("top"),
        "panel `Request Rate & Duration` options/legend/placement",
    );
    is_refused(
        "/panels/5/fieldConfig/defaults/custom/lineWidth",
        json!("thick"),
        "panel `Request Rate & Duration` custom/lineWidth",
    );
    is_refused(
        "/panels/5/fieldConfig/overrides/0/properties/1/value",
        json!("east"),
        "panel `Request Rate & Duration` override/axisPlacement",
    );
    is_refused(
        "/panels/2/options/showValue",
        json!("maybe"),
        "panel `Feature Flags Status` options/showValue",
    );
    is_refused(
        "/panels/1/fieldConfig/defaults/custom/align",
        json!("top"),
        "panel `Firing Alerts` custom/align",
    );
    is_refused(
        "/panels/8/options/graphMode",
        json!("pie"),
        "panel `Requests Now` options/graphMode",
    );
    is_refused(
        "/panels/13/options/sizing",
        json!(1),
        "panel `Database Connections` options/sizing",
    );
}

#[test]
fn unknown_keys() {
    let add = |value: &mut Value| value["surprise"] = json!(1);
    finds("", add, "surprise");
    finds("/templating/list/0", add, "surprise");
    finds("/panels/0", add, "surprise");
    finds("/panels/5", add, "surprise");
    finds("/panels/5/targets/0", add, "surprise");
    finds("/panels/5/options", add, "surprise");
    finds("/panels/5/fieldConfig/defaults/custom", add, "surprise");
}

#[test]
fn what_would_change_with_every_import() {
    finds("", |top| top["id"] = json!(1), "has `id`");
    finds("", |top| top["version"] = json!(1), "has `version`");
    let problems = after("", |top| top["__inputs"] = json!([]));
    assert!(
        problems.contains(&": has `__inputs`".to_owned()),
        "{problems:#?}"
    );
    finds("/uid", |uid| *uid = json!("short"), "8 to 40");
    finds("/editable", |editable| *editable = json!(true), "not false");
}

#[test]
fn places_on_the_grid() {
    finds("/panels/1/gridPos/w", |w| *w = json!(9), "overlaps");
    finds(
        "/panels/3/gridPos/w",
        |w| *w = json!(9),
        "leaves the 24 columns",
    );
    finds("/panels/4/gridPos/y", |y| *y = json!(8), "overlaps");
    finds(
        "/panels/4/collapsed",
        |closed| *closed = json!(true),
        "holds none",
    );
    let problems = after("/panels/1/gridPos/h", |h| *h = json!(0));
    assert!(
        problems.contains(&"panel `Firing Alerts`: has no size".to_owned()),
        "{problems:#?}"
    );
}

#[test]
fn ids() {
    let first = json_of(overview())["panels"][0]["id"].clone();
    finds("/panels/9/id", |id| *id = first, "has the id of `State`");
    finds(
        "/panels/9",
        |panel| {
            panel.as_object_mut().expect("a panel").remove("id");
        },
        "no id",
    );
}

#[test]
fn what_a_panel_needs() {
    let panel = "/panels/5";
    let emptied = |key: &'static str| move |panel: &mut Value| panel[key] = json!("");
    finds(panel, emptied("title"), "no title");
    finds(panel, emptied("description"), "no description");
    finds(
        panel,
        |panel| panel["type"] = json!("timeserie"),
        "unknown type `timeserie`",
    );
    finds(panel, |panel| panel["targets"] = json!([]), "asks nothing");
    finds(
        panel,
        |panel| panel["datasource"]["uid"] = json!("${DS_PROMETHEUS}"),
        "chosen datasource",
    );
    let target = "/panels/5/targets/1";
    finds(
        target,
        |target| target["refId"] = json!("A"),
        "no refId of its own",
    );
    finds(target, |target| target["expr"] = json!(""), "no expression");
    finds(
        target,
        |target| target["instant"] = json!(true),
        "either a range or an instant",
    );
}

#[test]
fn units_and_thresholds() {
    let config = "/panels/5/fieldConfig";
    finds(
        config,
        |config| config["defaults"]["unit"] = json!("reqs"),
        "unknown unit `reqs`",
    );
    finds(
        config,
        |config| config["overrides"][0]["properties"][0]["value"] = json!("secs"),
        "unknown unit `secs`",
    );
    finds(
        config,
        |config| config["defaults"]["unit"] = json!("suffix:"),
        "unknown unit",
    );
    assert_eq!(
        after(config, |config| config["defaults"]["unit"] =
            json!("suffix:widgets")),
        [""; 0]
    );
    let steps = "/panels/12/fieldConfig/defaults/thresholds/steps";
    finds(
        steps,
        |steps| steps[0]["value"] = json!(0),
        "first threshold is not null",
    );
    finds(
        steps,
        |steps| steps[2]["value"] = json!(0.1),
        "do not ascend",
    );
}

#[test]
fn variables() {
    finds(
        "/templating/list/1/allValue",
        |all| *all = json!(".*"),
        "`job` is not as it should be",
    );
    finds(
        "/templating/list/2/refresh",
        |refresh| *refresh = json!(1),
        "`instance` is not asked",
    );
    finds(
        "/templating/list/3/name",
        |name| *name = json!("job"),
        "two variables `job`",
    );
    finds(
        "/templating/list",
        |list| {
            list.as_array_mut().expect("a list").remove(2);
        },
        "no variable `instance`",
    );
}
