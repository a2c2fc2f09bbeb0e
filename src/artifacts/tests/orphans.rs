//! What is no longer asked for.

use super::*;

#[test]
fn orphans_go_and_everything_else_stays() {
    let folder = Folder::new();
    let stay = [
        "elsewhere/ours.yml",
        "g/.hidden/ours.yml",
        "g/.ours.yml",
        "g/nested/generated/ours.yml",
        "g/nested/spec/monospec.yaml",
        "g/target/ours.yml",
    ];
    for path in stay {
        folder.put(path, &ours("stays"));
    }
    folder.put("g/hand.yml", "x: 1\n");
    folder.put("g/large.yml", &ours(&"x".repeat(16 << 20)));
    folder.put("g/old.yml", &ours("old"));
    folder.put(
        "g/dashboards/old.json",
        &format!("{{\"tags\": [\"{}\"]}}", mark().tag()),
    );
    let new = ours("x: 1");
    let files = [("g/a.yml", new.as_str())];
    let orphans = ["g/dashboards/old.json", "g/old.yml"];
    let expected = orphans.map(|path| pair(path, DriftKind::Orphan));
    assert_eq!(drift(&folder, &files)[1..], expected);

    let only = WriteOptions {
        remove_orphans: false,
        ..WRITE
    };
    let changes = try_write(&folder, &files, only).expect("written");
    assert_eq!(changes, [pair("g/a.yml", ChangeKind::Created)]);

    let mut all = folder.files();
    assert_eq!(
        write(&folder, &files),
        [
            pair("g/a.yml", ChangeKind::Unchanged),
            pair(orphans[0], ChangeKind::Removed),
            pair(orphans[1], ChangeKind::Removed),
        ]
    );
    all.retain(|path| !orphans.contains(&path.as_str()));
    assert_eq!(folder.files(), all);
}

#[test]
fn the_root_is_not_searched_below() {
    let folder = Folder::new();
    folder.put("old.yml", &ours("old"));
    folder.put("docs/old.yml", &ours("old"));
    let new = ours("x: 1");
    let files = [("./prometheus.yml", new.as_str())];
    assert_eq!(
        write(&folder, &files),
        [
            pair("./prometheus.yml", ChangeKind::Created),
            pair("old.yml", ChangeKind::Removed)
        ]
    );
    assert_eq!(folder.files(), ["docs/old.yml", "prometheus.yml"]);
}
