//! The feature flags.

use super::book::Book;
use super::metrics::readers;
use super::text::Inline;
use crate::model::catalogue::Flag;
use crate::targets::template::view;

view! {
    /// What the template of flags inserts.
    pub(super) struct View {
        flags: Vec<FlagView>,
        metric: Inline,
        readers: Vec<Inline>,
    }
}

view! {
    struct FlagView {
        name: Inline,
        help: Inline,
        default: Inline,
        owner: Inline,
        expires: Inline,
    }
}

/// The gauge that the runtime exposes.
const STATUS: &str = "feature_flag_status";

impl View {
    pub(super) fn new(book: &Book<'_>) -> Self {
        let catalogue = &book.model.catalogue;
        let status = catalogue.named(STATUS).first();
        Self {
            flags: catalogue.flags.iter().map(FlagView::new).collect(),
            metric: book.named(STATUS),
            readers: status.map_or(Vec::new(), |named| readers(named.metric, book)),
        }
    }
}

impl FlagView {
    fn new(flag: &Flag) -> Self {
        let optional =
            |text: &Option<String>| text.as_deref().map_or(Inline::default(), Inline::text);
        Self {
            name: Inline::code(&flag.name),
            help: Inline::text(&flag.help),
            default: Inline::words(if flag.default { "on" } else { "off" }),
            owner: optional(&flag.owner),
            expires: optional(&flag.expires),
        }
    }
}
