//! Feature flags as methods.

use super::values::{DocLines, Identifier, Literal};
use crate::model::catalogue::{Catalogue, Flag};
use crate::targets::template::view;

view! {
    /// What the template of flags inserts.
    pub(super) struct View {
        flags: Vec<FlagView>,
    }
}

view! {
    struct FlagView {
        doc: DocLines,
        name: Literal,
        getter: Identifier,
        setter: Identifier,
        setter_doc: DocLines,
        default: Identifier,
    }
}

impl View {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        Self {
            flags: catalogue.flags.iter().map(FlagView::new).collect(),
        }
    }
}

impl FlagView {
    fn new(flag: &Flag) -> Self {
        let default = if flag.default { "on" } else { "off" };
        let mut what = format!(
            "`{}`, {default} unless the environment says otherwise.",
            flag.name
        );
        if let Some(owner) = &flag.owner {
            what.push_str(&format!(" Owner: {owner}."));
        }
        if let Some(day) = &flag.expires {
            what.push_str(&format!(" To be gone by {day}."));
        }
        Self {
            doc: DocLines::new(&flag.help).paragraph(&what),
            name: Literal::string(&flag.name),
            getter: Identifier::new(&flag.method),
            setter: Identifier::setter(&flag.method),
            setter_doc: DocLines::new(&format!("Turns `{}` on or off.", flag.name)),
            default: Identifier::new(if flag.default { "true" } else { "false" }),
        }
    }
}
