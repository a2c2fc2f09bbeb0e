//! Rows of panels: who stands beside whom, so that no line has a hole.

use std::collections::HashSet;

use crate::model::monitoring::PanelType;
use crate::model::resolve::monitoring::plans::{PanelPlan, RowPlan, Shown, panel_id};
use crate::spec::Place;

/// Columns of a dashboard.
const COLUMNS: u32 = 24;
/// Panels that can be read side by side.
const BESIDE: usize = 3;
/// Rows that are open: what is below is looked at only when one knows where to look, and asks nothing until then.
const OPEN: usize = 3;

/// A panel before it has a place.
pub(super) struct Card {
    key: String,
    title: String,
    shown: Shown,
    by: Vec<String>,
    top: Option<u32>,
    stacked: bool,
}

impl Card {
    pub(super) fn new(key: &str, title: &str, shown: Shown) -> Self {
        Self {
            key: key.to_owned(),
            title: title.to_owned(),
            shown,
            by: Vec::new(),
            top: None,
            stacked: false,
        }
    }

    /// A line for each value of a label; the greatest ones, if it is open.
    pub(super) fn by(mut self, label: &str, open: bool) -> Self {
        self.by.push(label.to_owned());
        self.top = open.then_some(super::TOP);
        self
    }

    pub(super) fn top(mut self, count: u32) -> Self {
        self.top = Some(count);
        self
    }

    /// One upon the other: together they are a whole.
    pub(super) fn stacked(mut self) -> Self {
        self.stacked = true;
        self
    }
}

/// The rows so far.
pub(super) struct Rows {
    dashboard: &'static str,
    rows: Vec<RowPlan>,
    ids: HashSet<u32>,
    origin: Place,
}

impl Rows {
    pub(super) fn new(dashboard: &'static str, origin: Place) -> Self {
        Self {
            dashboard,
            rows: Vec::new(),
            ids: HashSet::new(),
            origin,
        }
    }

    /// Adds a row, unless it would be empty. Panels that come together stand side by side, below all others.
    pub(super) fn row(
        &mut self,
        key: &str,
        title: &str,
        cards: impl IntoIterator<Item = Vec<Card>>,
    ) {
        let collapsed = self.rows.len() >= OPEN;
        self.add(key, title, cards, collapsed);
    }

    /// Adds a row that is closed at first.
    pub(super) fn collapsed(
        &mut self,
        key: &str,
        title: &str,
        cards: impl IntoIterator<Item = Vec<Card>>,
    ) {
        self.add(key, title, cards, true);
    }

    fn add(
        &mut self,
        key: &str,
        title: &str,
        cards: impl IntoIterator<Item = Vec<Card>>,
        collapsed: bool,
    ) {
        let (together, alone): (Vec<_>, Vec<_>) =
            cards.into_iter().partition(|cards| cards.len() > 1);
        let mut panels = Vec::new();
        for line in lines(alone.into_iter().flatten().collect())
            .into_iter()
            .chain(together)
        {
            let width = COLUMNS / line.len() as u32;
            panels.extend(line.into_iter().map(|card| self.panel(card, width)));
        }
        if !panels.is_empty() {
            let id = self.id(&format!("/row/{key}"));
            self.rows.push(RowPlan {
                title: title.to_owned(),
                id,
                collapsed,
                panels,
            });
        }
    }

    fn panel(&mut self, card: Card, width: u32) -> PanelPlan {
        PanelPlan {
            id: self.id(&card.key),
            key: card.key,
            title: card.title,
            description: None,
            shown: card.shown,
            kind: PanelType::Timeseries,
            stacked: card.stacked,
            by: card.by,
            top: card.top,
            width: Some(width),
            height: None,
            origin: self.origin.clone(),
        }
    }

    /// The id of a key; the next one, should two keys have the same.
    fn id(&mut self, key: &str) -> u32 {
        let mut id = panel_id(self.dashboard, key);
        while !self.ids.insert(id) {
            id = id % 0x7fff_ffff + 1;
        }
        id
    }

    pub(super) fn finish(self) -> Vec<RowPlan> {
        self.rows
    }
}

/// As few lines as can be read, as equally long as can be.
fn lines(mut cards: Vec<Card>) -> Vec<Vec<Card>> {
    let mut lines = Vec::new();
    let mut left = cards.len().div_ceil(BESIDE);
    while !cards.is_empty() {
        let rest = cards.split_off(cards.len().div_ceil(left));
        lines.push(cards);
        cards = rest;
        left -= 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_full() {
        let lengths = |count| {
            let cards = (0..count).map(|_| Card::new("", "", Shown::Alerts));
            let lines = lines(cards.collect());
            lines.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert!(lengths(0).is_empty());
        assert_eq!(lengths(1), [1]);
        assert_eq!(lengths(3), [3]);
        assert_eq!(lengths(4), [2, 2]);
        assert_eq!(lengths(5), [3, 2]);
        assert_eq!(lengths(7), [3, 2, 2]);
        assert_eq!(lengths(9), [3, 3, 3]);
    }
}
