//! Ids of panels survive what happens around them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The ids of the panels of a dashboard with these rows, by key.
fn ids(name: &str, rows: &str) -> BTreeMap<String, u32> {
    all_ids(
        name,
        &format!(
            "metrics:\n  queue_length: {{ type: gauge, help: Orders that wait. }}\n\
             dashboards:\n  overview:\n    title: Overview\n    rows:\n{rows}"
        ),
    )
}

/// The ids of the panels of a spec, by key.
fn all_ids(name: &str, sections: &str) -> BTreeMap<String, u32> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("grafana-ids-{name}"));
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("monospec.yaml");
    let spec = format!(
        "monospec: 1\nservice: {{ name: shop }}\nscrape: {{ targets: ['localhost:3000'] }}\n\
         {sections}"
    );
    fs::write(&path, spec).expect("a file");
    let compilation = monospec::compile(&path).expect("a spec");
    fs::remove_dir_all(&folder).expect("the folder");
    let model = compilation.models.first().expect("no errors");
    let rows = &model.monitoring.dashboards[0].rows;
    let panels = rows.iter().flat_map(|row| &row.panels);
    panels.map(|panel| (panel.key.clone(), panel.id)).collect()
}

#[test]
fn inserting_and_moving_panels_changes_no_other_id() {
    let panel = |title: &str| format!("{{ title: {title}, signal: queue_length }}");
    let row = |title: &str, panels: &[&str]| {
        let panels: Vec<String> = panels.iter().map(|title| panel(title)).collect();
        format!(
            "      - {{ title: {title}, panels: [{}] }}\n",
            panels.join(", ")
        )
    };
    let before = ids("before", &row("First", &["Queue", "Wait"]));
    let after = ids(
        "after",
        &(row("New", &["Inserted"]) + &row("Second", &["Between", "Wait", "Queue"])),
    );
    assert_eq!(before.len(), 2);
    assert_eq!(after.len(), 4);
    for (key, id) in &before {
        assert_eq!(after.get(key), Some(id), "{key}");
    }
}

#[test]
fn nor_do_metrics_that_come_or_move_in_a_dashboard_by_default() {
    let metric = |name: &str| format!("  {name}: {{ type: gauge, help: It. }}\n");
    let metrics = |names: &[&str]| -> String {
        let metrics: String = names.iter().map(|name| metric(name)).collect();
        format!("metrics:\n{metrics}")
    };
    let before = all_ids(
        "default-before",
        &metrics(&["firing_alerts", "queue_length"]),
    );
    let flags = "flags:\n  NEW: { default: false, help: It. }\n";
    let after = metrics(&["queue_length", "orders", "queue_depth", "firing_alerts"]) + flags;
    let after = all_ids("default-after", &after);
    assert_eq!(before.len(), 4);
    assert_eq!(after.len(), 7);
    for (key, id) in &before {
        assert_eq!(after.get(key), Some(id), "{key}");
    }
}
