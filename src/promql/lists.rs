//! What stands beside operators and aggregations: `by`, `on`, `group_left`, `bool`, `fill`.

use super::outline::{Reader, unquoted};
use super::parse::SyntaxError;
use super::places::{LabelList, LabelListKind};
use super::scan::Kind;

impl Reader<'_> {
    /// What may stand behind a binary operator: `bool`, `on`, `group_left`, `fill` and their like.
    pub(super) fn modifiers(&mut self) -> Result<(), SyntaxError> {
        if self.is_word("bool") {
            self.at += 1;
        }
        let matching = [
            ("on", LabelListKind::On),
            ("ignoring", LabelListKind::Ignoring),
        ];
        let group = [
            ("group_left", LabelListKind::GroupLeft),
            ("group_right", LabelListKind::GroupRight),
        ];
        let mut matched = false;
        if let Some((_, kind)) = matching.into_iter().find(|(word, _)| self.is_word(word)) {
            self.at += 1;
            self.label_list(kind, None)?;
            matched = true;
        }
        if let Some((word, kind)) = group.into_iter().find(|(word, _)| self.is_word(word)) {
            if !matched {
                let message = format!("`{word}` stands only behind `on (…)` or `ignoring (…)`");
                return Err(SyntaxError::new(message, self.here()));
            }
            self.at += 1;
            if self.is_sign("(") {
                self.label_list(kind, None)?;
            }
        }
        while let Some(word) = self.word_at(self.at) {
            let fill = ["fill", "fill_left", "fill_right"];
            let known = fill.iter().any(|it| it.eq_ignore_ascii_case(word));
            let open = self.tokens.get(self.at + 1).map(|token| &token.kind);
            if !known || open != Some(&Kind::Sign("(")) {
                break;
            }
            self.places.experimental.push(self.here());
            self.at += 2;
            let _signed = self.accept("-") || self.accept("+");
            if !matches!(self.kind(), Some(Kind::Number(_))) {
                return Err(self.unexpected("a number"));
            }
            self.at += 1;
            self.expect(")")?;
        }
        Ok(())
    }

    /// `(a, b)`. The list goes to the end of the lists, or to the index that is given.
    fn label_list(&mut self, kind: LabelListKind, index: Option<usize>) -> Result<(), SyntaxError> {
        let mut labels = Vec::new();
        self.expect("(")?;
        while !self.is_sign(")") {
            let range = self.here();
            match self.kind() {
                Some(Kind::Word(word)) => labels.push((word.clone(), range)),
                Some(Kind::Text(text)) => labels.push((text.clone(), unquoted(&range))),
                _ => return Err(self.unexpected("a label")),
            }
            self.at += 1;
            if !self.is_sign(")") && !self.accept(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        self.at += 1;
        if !labels.is_empty() {
            let index = index.unwrap_or(self.places.label_lists.len());
            let list = LabelList { kind, labels };
            self.places.label_lists.insert(index, list);
        }
        Ok(())
    }

    /// `by (…)` or `without (…)`, if there is one; its list goes to the index that is given.
    pub(super) fn grouping(&mut self, index: usize) -> Result<bool, SyntaxError> {
        let kind = match () {
            () if self.is_word("by") => LabelListKind::By,
            () if self.is_word("without") => LabelListKind::Without,
            () => return Ok(false),
        };
        self.at += 1;
        self.label_list(kind, Some(index))?;
        Ok(true)
    }
}
