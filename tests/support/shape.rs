//! What the JSON Schema of the language says of a spec.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value};

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema = monospec::spec::document::json_schema();
    jsonschema::draft202012::new(&schema).expect("the schema is valid")
});

/// Everything that the schema refuses.
pub(crate) fn refusals(spec: &Value) -> Vec<String> {
    SCHEMA
        .iter_errors(spec)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// A spec and what it includes as JSON, merged as monospec merges them: sections entry by entry. The built-in files are left
/// out: nobody writes them.
pub(crate) fn merged(path: &Path) -> Value {
    merge(path, &mut HashSet::new())
}

fn merge(path: &Path, seen: &mut HashSet<PathBuf>) -> Value {
    let path = &path.canonicalize().expect("a spec");
    seen.insert(path.clone());
    let mut whole = read(path);
    let includes = match whole.get("include") {
        Some(Value::Array(includes)) => includes.clone(),
        _ => Vec::new(),
    };
    for include in includes.iter().filter_map(Value::as_str) {
        if include.starts_with("std:") {
            continue;
        }
        let part = path.parent().expect("a folder").join(include);
        if seen.contains(&part.canonicalize().expect("a spec")) {
            continue;
        }
        let part = merge(&part, seen);
        let (Value::Object(whole), Value::Object(part)) = (&mut whole, part) else {
            continue;
        };
        for (key, section) in part {
            if key != "include" {
                add(whole, key, section);
            }
        }
    }
    whole
}

fn add(whole: &mut Map<String, Value>, key: String, section: Value) {
    match (whole.get_mut(&key), section) {
        (None, section) => {
            whole.insert(key, section);
        }
        (Some(Value::Object(known)), Value::Object(more)) => {
            for (name, entry) in more {
                known.entry(name).or_insert(entry);
            }
        }
        (Some(_), _) => {}
    }
}

/// A reader that is not monospec's own, of the same YAML 1.2.
fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a spec");
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(&text, options)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
