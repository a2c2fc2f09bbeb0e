//! Long queries on several lines.

use super::query::Query;

/// One indentation of [`Query::pretty`].
const INDENT: &str = "  ";

impl Query {
    /// On several lines where one line would be longer than `width` characters: broken before binary
    /// operators, and inside calls, aggregations and parentheses. What is left of an operator stands
    /// above it, so that lines are computed from top to bottom. It reads back as the same tree.
    ///
    /// Indentation counts. A selector is never broken, so that a line can still be longer.
    pub fn pretty(&self, width: usize) -> String {
        let mut page = Page {
            text: String::new(),
            width,
        };
        page.query(self, 0, "");
        page.text
    }
}

/// A query on several lines, as it grows.
struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn indent(&mut self, level: usize) {
        self.text.extend(std::iter::repeat_n(INDENT, level));
    }

    /// Writes one line, if it fits.
    fn line(&mut self, line: &str, level: usize, prefix: &str) -> bool {
        let length = level * INDENT.len() + prefix.chars().count() + line.chars().count();
        let fits = length <= self.width;
        if fits {
            self.open(line, level, prefix);
        }
        fits
    }

    /// Writes the start of a line.
    fn open(&mut self, start: &str, level: usize, prefix: &str) {
        self.indent(level);
        self.text.push_str(prefix);
        self.text.push_str(start);
    }

    /// Writes a query behind a prefix, every line indented; no line break at the end.
    fn query(&mut self, query: &Query, level: usize, prefix: &str) {
        let line = query.to_string();
        if self.line(&line, level, prefix) {
            return;
        }
        match query {
            Query::Binary { left, right, .. } => self.binary(query, left, right, level, prefix),
            Query::Call { arguments, .. } if arguments.is_empty() => {
                self.open(&line, level, prefix);
            }
            Query::Call { .. } | Query::Aggregate { .. } => {
                self.open(&query.head(), level, prefix);
                self.text.push('(');
                for (i, item) in query.children().into_iter().enumerate() {
                    self.text.push_str(if i == 0 { "\n" } else { ",\n" });
                    self.query(item, level + 1, "");
                }
                self.close(level);
            }
            Query::Subquery { query: inner, .. } => {
                self.operand(inner, query.encloses(inner), level, prefix);
                self.text.push_str(&query.suffix());
            }
            Query::Negate(inner) => {
                self.operand(inner, query.encloses(inner), level, &format!("{prefix}-"));
            }
            Query::Number(_) | Query::Text(_) | Query::Selector(_) | Query::Range { .. } => {
                self.open(&line, level, prefix);
            }
        }
    }

    fn binary(&mut self, query: &Query, left: &Query, right: &Query, level: usize, prefix: &str) {
        let head = query.head();
        let (around_left, around_right) = (query.encloses(left), query.encloses_right(right));
        if let (Query::Number(_), false) = (left, around_left) {
            // A factor such as `0 *` would be lost on a line of its own.
            let prefix = format!("{prefix}{left} {head} ");
            return self.operand(right, around_right, level, &prefix);
        }
        self.operand(left, around_left, level, prefix);
        self.text.push('\n');
        // An operation on the right is computed first, so it gets its own level.
        let own_level = match right {
            Query::Binary { left, .. } => !around_right && !matches!(**left, Query::Number(_)),
            _ => false,
        };
        if !own_level {
            self.operand(right, around_right, level, &format!("{head} "));
        } else if !self.line(&right.to_string(), level, &format!("{head} ")) {
            self.open(&head, level, "");
            self.text.push('\n');
            self.query(right, level + 1, "");
        }
    }

    /// Writes a query, in parentheses if `enclose`.
    fn operand(&mut self, query: &Query, enclose: bool, level: usize, prefix: &str) {
        if !enclose {
            self.query(query, level, prefix);
        } else if !self.line(&format!("({query})"), level, prefix) {
            self.open("(\n", level, prefix);
            self.query(query, level + 1, "");
            self.close(level);
        }
    }

    fn close(&mut self, level: usize) {
        self.text.push('\n');
        self.indent(level);
        self.text.push(')');
    }
}
