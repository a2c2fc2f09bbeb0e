//! The service level objectives.

use std::collections::BTreeSet;

use super::book::{self, Book};
use super::text::Inline;
use super::words;
use crate::model::monitoring::Slo;
use crate::targets::template::view;

view! {
    /// What the template of objectives inserts.
    pub(super) struct View {
        title: Inline,
        slos: Vec<SloView>,
    }
}

view! {
    struct SloView {
        name: Inline,
        help: Option<Inline>,
        facts: Vec<Inline>,
    }
}

impl View {
    pub(super) fn new(book: &Book<'_>) -> Self {
        let slos = book.readers.slos.iter();
        Self {
            title: Inline::words(book::OBJECTIVES_TITLE),
            slos: slos
                .map(|(slo, reads)| SloView::new(slo, reads, book))
                .collect(),
        }
    }
}

impl SloView {
    fn new(slo: &Slo, reads: &BTreeSet<usize>, book: &Book<'_>) -> Self {
        let help = Inline::text(&slo.help).sentence();
        let percent = |share: &str| Inline::text(&format!("{share}%"));
        let objective = Inline::words("Objective: ")
            .with(&percent(&slo.objective.percent().to_string()))
            .and(" over ")
            .with(&words::days(slo.period))
            .and("; the error budget is ")
            .with(&percent(&slo.budget.percent().to_string()));
        let mut facts = vec![
            objective,
            Inline::words("Bad is ").with(&words::bad_share(slo, book)),
        ];
        facts.extend(words::labels(&slo.by).map(|labels| {
            Inline::words("Each ")
                .with(&labels)
                .and(" has a budget of its own")
        }));
        if !slo.alert.rules.is_empty() {
            facts.push(Inline::words("Alert: ").with(&book.alert(&slo.alert)));
        }
        let metrics = reads.iter().map(|index| book.metric(*index));
        facts.push(Inline::words("Reads ").with(&Inline::list(metrics.collect(), "and")));
        Self {
            name: Inline::text(&slo.name),
            help: (!help.is_empty()).then_some(help),
            facts,
        }
    }
}
