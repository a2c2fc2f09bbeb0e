//! The JSON Schema of the language, for editors: the file that a spec's first line names.

use super::Target;
use crate::artifacts::Artifacts;
use crate::model::Model;
use crate::spec::document::json_schema;

/// Writes `outputs.schema`.
pub const TARGET: Target = Target {
    name: "schema",
    render,
};

fn render(model: &Model, artifacts: &mut Artifacts) {
    let Some(path) = &model.outputs.schema else {
        return;
    };
    let mut schema = json_schema();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$comment".to_owned(), model.mark.line().into());
    }
    // A tree of strings, numbers, lists and maps can be written as JSON.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    artifacts.insert(path, text);
}
