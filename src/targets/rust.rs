//! The Rust code of a service's metrics, flags and health checks.

use crate::model::Model;

/// The code, as the text of one file.
pub fn render(_model: &Model) -> String {
    String::new()
}
