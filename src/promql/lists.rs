//! What stands beside operators and aggregations: `by`, `on`, `group_left`, `bool`, `fill`.

use std::ops::Range;

use super::grammar::{Reader, unquoted};
use super::parse::SyntaxError;
use super::places::{LabelList, LabelListKind};
use super::print::is_label_name;
use super::query::{Fill, Group, Grouping, MatchLabels, Matching};
use super::scan::Kind;
use super::versions::Availability;

/// What stands behind a binary operator, and where.
#[derive(Default)]
pub(super) struct Modifiers {
    /// The place of `bool`.
    pub(super) return_bool: Option<Range<usize>>,
    /// `None` where it says nothing, as `ignoring ()` does.
    pub(super) matching: Option<Matching>,
    pub(super) matching_place: Range<usize>,
    pub(super) group_place: Range<usize>,
    pub(super) fill_place: Range<usize>,
}

impl Reader<'_> {
    /// What may stand behind a binary operator: `bool`, `on`, `group_left`, `fill` and their like.
    pub(super) fn modifiers(&mut self) -> Result<Box<Modifiers>, SyntaxError> {
        let mut modifiers = Box::new(Modifiers::default());
        let mut matching = Matching::ignoring::<String>([]);
        if self.is_word("bool") {
            modifiers.return_bool = Some(self.here());
            self.at += 1;
        }
        let start = self.at;
        let matched = self.is_word("on") || self.is_word("ignoring");
        if self.is_word("on") {
            self.at += 1;
            matching.labels = MatchLabels::On(self.label_list(LabelListKind::On, None)?);
        } else if self.is_word("ignoring") {
            self.at += 1;
            matching.labels =
                MatchLabels::Ignoring(self.label_list(LabelListKind::Ignoring, None)?);
        }
        modifiers.matching_place = self.since(start);
        let start = self.at;
        let left = self.is_word("group_left");
        if left || self.is_word("group_right") {
            if !matched {
                let word = if left { "group_left" } else { "group_right" };
                let message = format!("`{word}` stands only behind `on (…)` or `ignoring (…)`");
                return Err(SyntaxError::new(message, self.here()));
            }
            self.at += 1;
            let kind = match left {
                true => LabelListKind::GroupLeft,
                false => LabelListKind::GroupRight,
            };
            let labels = match self.is_sign("(") {
                true => self.label_list(kind, None)?,
                false => Vec::new(),
            };
            matching.group = match left {
                true => Group::Left(labels),
                false => Group::Right(labels),
            };
        }
        modifiers.group_place = self.since(start);
        let start = self.at;
        matching.fill = self.fill()?;
        modifiers.fill_place = self.since(start);
        if matching != Matching::ignoring::<String>([]) {
            modifiers.matching = Some(matching);
        }
        Ok(modifiers)
    }

    /// `fill (0)`, or `fill_left (0)` and `fill_right (0)` in either order.
    fn fill(&mut self) -> Result<Fill, SyntaxError> {
        let mut fill = Fill::default();
        loop {
            let called =
                matches!(self.tokens.get(self.at + 1), Some(it) if it.kind == Kind::Sign("("));
            let sides = match () {
                () if !called => return Ok(fill),
                () if self.is_word("fill") => (true, true),
                () if self.is_word("fill_left") => (true, false),
                () if self.is_word("fill_right") => (false, true),
                () => return Ok(fill),
            };
            if sides.0 && fill.left.is_some() || sides.1 && fill.right.is_some() {
                let message = "one side is filled twice";
                return Err(SyntaxError::new(message, self.here()));
            }
            self.require(self.here(), "`fill`", Availability::Experimental);
            self.at += 2;
            let minus = self.accept("-");
            let _plus = !minus && self.accept("+");
            let value = match self.kind() {
                Some(Kind::Number(value)) => *value,
                _ => return Err(self.unexpected("a number")),
            };
            self.at += 1;
            self.expect(")")?;
            let value = Some(if minus { -value } else { value });
            fill.left = if sides.0 { value } else { fill.left };
            fill.right = if sides.1 { value } else { fill.right };
        }
    }

    /// `(a, b)`. The place of the list goes to the end of the lists, or to the index that is given.
    fn label_list(
        &mut self,
        kind: LabelListKind,
        index: Option<usize>,
    ) -> Result<Vec<String>, SyntaxError> {
        let mut labels = Vec::new();
        self.expect("(")?;
        while !self.is_sign(")") {
            labels.push(self.label()?);
            if !self.is_sign(")") && !self.accept(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        self.at += 1;
        let names = labels.iter().map(|(name, _)| name.clone()).collect();
        if !labels.is_empty() {
            let index = index.unwrap_or(self.places.label_lists.len());
            let list = LabelList { kind, labels };
            self.places.label_lists.insert(index, list);
        }
        Ok(names)
    }

    /// A label of a list, and its place.
    fn label(&mut self) -> Result<(String, Range<usize>), SyntaxError> {
        let range = self.here();
        let (name, place) = match self.kind() {
            Some(Kind::Word(word)) if !self.is_word("without") => (word.clone(), range.clone()),
            Some(Kind::Text(text)) if !text.is_empty() => (text.clone(), unquoted(&range)),
            _ => return Err(self.unexpected("a label")),
        };
        if !is_label_name(&name) {
            let what = format!("the label `{name}`");
            self.require(range, what, Availability::Since(3, 0));
        } else if place != range {
            self.require(range, "a label in quotes", Availability::Since(2, 55));
        }
        self.at += 1;
        Ok((name, place))
    }

    /// `by (…)` or `without (…)`, if there is one; its list goes to the index that is given.
    pub(super) fn grouping(&mut self, index: usize) -> Result<Option<Grouping>, SyntaxError> {
        if self.is_word("by") {
            self.at += 1;
            let labels = self.label_list(LabelListKind::By, Some(index))?;
            return Ok(Some(Grouping::By(labels)));
        }
        if self.is_word("without") {
            self.at += 1;
            let labels = self.label_list(LabelListKind::Without, Some(index))?;
            return Ok(Some(Grouping::Without(labels)));
        }
        Ok(None)
    }
}
