//! YAML read into a tree whose every key and value knows the bytes it came from.
//!
//! The parser's types stay in this file.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span};

use super::place::Place;
pub(crate) use super::plain::Plain;
use super::size::Size;
use super::slips;
use super::source::{FileId, Location, floor_char_boundary};
use crate::diagnostics::Finding;

/// Mappings and lists inside each other; the deepest valid spec has about ten.
const MAX_DEPTH: usize = 64;

/// A value, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Tells this node from every other node of the tree.
    pub(crate) id: NodeId,
    pub(crate) location: Location,
    pub(crate) value: Value,
}

/// Identity of a node within one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(u32);

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) style: Style,
}

/// How a scalar is written; the other styles decode to strings only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Node,
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) location: Location,
}

impl Node {
    /// `null`, `~`, or nothing at all.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.resolve() == Plain::Null)
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    #[cfg(feature = "monitoring")]
    pub(crate) fn entries_mut(&mut self) -> &mut [Entry] {
        match &mut self.value {
            Value::Map(entries) => entries,
            _ => &mut [],
        }
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.text == key)
    }

    #[cfg(feature = "monitoring")]
    pub(crate) fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        let mut entries = self.entries_mut().iter_mut();
        entries.find(|entry| entry.key.text == key)
    }
}

/// Reads one file.
///
/// Returns the tree, unless the text is not YAML or holds no document. Every finding is pushed to `findings`.
pub(crate) fn parse(
    file: FileId,
    text: &str,
    ids: &mut NodeIds,
    findings: &mut Vec<Finding>,
) -> Option<Node> {
    Builder {
        file,
        ids,
        findings,
        anchors: HashMap::new(),
        stack: Vec::new(),
        size: Size::default(),
    }
    .run(text)
}

/// Hands out identities.
#[derive(Debug, Default)]
pub(crate) struct NodeIds(u32);

impl NodeIds {
    fn next(&mut self) -> NodeId {
        self.0 += 1;
        NodeId(self.0)
    }

    /// A copy of a tree with identities of its own.
    pub(crate) fn copy(&mut self, node: &Node) -> Node {
        Node {
            id: self.next(),
            location: node.location.clone(),
            value: match &node.value {
                Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
                Value::List(items) => Value::List(items.iter().map(|n| self.copy(n)).collect()),
                Value::Map(entries) => Value::Map(
                    entries
                        .iter()
                        .map(|entry| Entry {
                            key: entry.key.clone(),
                            value: self.copy(&entry.value),
                        })
                        .collect(),
                ),
            },
        }
    }
}

/// An open list or mapping.
struct Frame {
    anchor: usize,
    start: usize,
    /// Of itself and what is below it, aliases expanded.
    size: Size,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        seen: HashMap<String, Location>,
        key: Option<Slot>,
    },
}

/// Where the value that follows a key goes.
enum Slot {
    Entry(Key),
    /// The key was refused; its value is read and dropped.
    Dropped,
}

struct Builder<'a> {
    file: FileId,
    ids: &'a mut NodeIds,
    findings: &'a mut Vec<Finding>,
    anchors: HashMap<usize, (Node, Size)>,
    stack: Vec<Frame>,
    /// Of everything that is kept.
    size: Size,
}

/// The file cannot be read any further; why is among the findings.
struct Stop;

impl Builder<'_> {
    fn run(mut self, text: &str) -> Option<Node> {
        let mut root = None;
        for event in Parser::new_from_str(text) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = error
                        .marker()
                        .byte_offset()
                        .unwrap_or(text.len())
                        .min(text.len());
                    self.findings.push(self.syntax(text, at, error.info()));
                    return None;
                }
            };
            match self.event(event, range(&span), &mut root) {
                Ok(()) => {}
                Err(Stop) => return None,
            }
        }
        root
    }

    fn event(
        &mut self,
        event: Event<'_>,
        range: Range<usize>,
        root: &mut Option<Node>,
    ) -> Result<(), Stop> {
        let done = match event {
            Event::DocumentStart(..) if root.is_some() => {
                self.findings.push(
                    Finding::error(
                        "several-documents",
                        Place::source(self.location(range)),
                        "a second YAML document begins here",
                    )
                    .help("keep one document in a file; `include:` reads other files"),
                );
                return Err(Stop);
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some(), &range);
                let size = Size::of_scalar(&text);
                self.count(size, &range)?;
                let scalar = Scalar {
                    text: text.into_owned(),
                    style: match style {
                        ScalarStyle::Plain => Style::Plain,
                        ScalarStyle::SingleQuoted => Style::SingleQuoted,
                        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                        ScalarStyle::Literal => Style::Literal,
                        ScalarStyle::Folded => Style::Folded,
                    },
                };
                self.finish(anchor, range, Value::Scalar(scalar), size)?
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.is_some(), &range);
                return self.open(anchor, range, Content::List(Vec::new()));
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.is_some(), &range);
                return self.open(
                    anchor,
                    range,
                    Content::Map {
                        entries: Vec::new(),
                        seen: HashMap::new(),
                        key: None,
                    },
                );
            }
            Event::SequenceEnd | Event::MappingEnd => match self.close(range)? {
                Some(done) => done,
                None => return Ok(()),
            },
            Event::Alias(anchor) => match self.anchors.get(&anchor).map(|(_, size)| *size) {
                Some(size) => {
                    self.count(size, &range)?;
                    (self.ids.copy(&self.anchors[&anchor].0), size)
                }
                None => {
                    self.report(
                        "recursive-alias",
                        range,
                        "this alias is inside what it stands for",
                    );
                    return Err(Stop);
                }
            },
            _ => return Ok(()),
        };
        let (node, size) = done;
        self.place(node, size, root);
        Ok(())
    }

    /// Puts a finished node where it belongs: under the key that waits, into the list, or at the root.
    fn place(&mut self, node: Node, size: Size, root: &mut Option<Node>) {
        let Some(frame) = self.stack.last_mut() else {
            *root = Some(node);
            return;
        };
        frame.size = frame.size.plus(size);
        match &mut frame.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, seen, key } => match key.take() {
                Some(Slot::Entry(key)) => entries.push(Entry { key, value: node }),
                Some(Slot::Dropped) => {}
                None => *key = Some(accept_key(node, seen, self.findings)),
            },
        }
    }

    fn open(&mut self, anchor: usize, range: Range<usize>, content: Content) -> Result<(), Stop> {
        if self.stack.len() >= MAX_DEPTH {
            self.report(
                "nested-too-deeply",
                range,
                format!("more than {MAX_DEPTH} lists and mappings inside each other"),
            );
            return Err(Stop);
        }
        self.count(Size::COLLECTION, &range)?;
        self.stack.push(Frame {
            anchor,
            start: range.start,
            size: Size::COLLECTION,
            content,
        });
        Ok(())
    }

    fn close(&mut self, range: Range<usize>) -> Result<Option<(Node, Size)>, Stop> {
        let Some(frame) = self.stack.pop() else {
            return Ok(None);
        };
        // A block collection's end is found at the next token; what it holds ends earlier.
        let (value, last) = match frame.content {
            Content::List(items) => {
                let last = items.last().map(|n| n.location.range.end);
                (Value::List(items), last)
            }
            Content::Map { entries, .. } => {
                let last = entries
                    .last()
                    .map(|e| e.value.location.range.end.max(e.key.location.range.end));
                (Value::Map(entries), last)
            }
        };
        let end = if range.is_empty() {
            last.unwrap_or(range.end)
        } else {
            range.end
        };
        let range = frame.start..end.max(frame.start);
        self.finish(frame.anchor, range, value, frame.size)
            .map(Some)
    }

    fn finish(
        &mut self,
        anchor: usize,
        range: Range<usize>,
        value: Value,
        size: Size,
    ) -> Result<(Node, Size), Stop> {
        let node = Node {
            id: self.ids.next(),
            location: self.location(range),
            value,
        };
        if anchor > 0 {
            // Another copy is kept for the aliases.
            self.count(size, &node.location.range)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok((node, size))
    }

    fn count(&mut self, size: Size, range: &Range<usize>) -> Result<(), Stop> {
        self.size = self.size.plus(size);
        let Some(what) = self.size.excess() else {
            return Ok(());
        };
        self.report(
            "too-large",
            range.clone(),
            format!("the file has more than {what}, its aliases expanded"),
        );
        Err(Stop)
    }

    /// A syntax error; near a line that is indented with a tab, or a slip, that is what is wrong.
    fn syntax(&self, text: &str, at: usize, message: String) -> Finding {
        let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
        let here = line_start(floor_char_boundary(text, at));
        let next = text[here..].find('\n').map(|end| here + end + 1);
        let tab = [Some(here), next].into_iter().flatten().find_map(|start| {
            let indentation =
                text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len();
            let tab = text[start..start + indentation].find('\t')?;
            Some(start + tab)
        });
        match tab {
            Some(tab) => Finding::error(
                "yaml-syntax",
                Place::source(self.location(tab..tab + 1)),
                "a tab cannot indent",
            )
            .help("indent with spaces"),
            None => match slips::near(text, at, &message) {
                Some(slip) => {
                    let place = Place::source(self.location(slip.range));
                    Finding::error("yaml-syntax", place, slip.message).help(slip.help)
                }
                None => {
                    Finding::error("yaml-syntax", Place::source(self.location(at..at)), message)
                }
            },
        }
    }

    fn refuse_tag(&mut self, tagged: bool, range: &Range<usize>) {
        if tagged {
            self.findings.push(
                Finding::error(
                    "yaml-tag",
                    Place::source(self.location(range.clone())),
                    "YAML tags are not part of the language",
                )
                .help("quote the value to make it a string"),
            );
        }
    }

    fn report(&mut self, code: &'static str, range: Range<usize>, message: impl Into<String>) {
        let place = Place::source(self.location(range));
        self.findings.push(Finding::error(code, place, message));
    }

    fn location(&self, range: Range<usize>) -> Location {
        Location {
            file: self.file,
            range,
        }
    }
}

fn accept_key(
    node: Node,
    seen: &mut HashMap<String, Location>,
    findings: &mut Vec<Finding>,
) -> Slot {
    let location = node.location;
    let Value::Scalar(scalar) = node.value else {
        findings.push(
            Finding::error(
                "complex-key",
                Place::source(location),
                "a key has to be a plain word or a string",
            )
            .help("a text in braces, such as a template, stands in quotes: \"{{ $value }}\""),
        );
        return Slot::Dropped;
    };
    if scalar.style == Style::Plain && scalar.text == "<<" {
        findings.push(
            Finding::error(
                "merge-key",
                Place::source(location),
                "merge keys (`<<`) are not part of the language",
            )
            .help("YAML 1.2 has none; write the entries out, or put shared ones under `labels:`"),
        );
        return Slot::Dropped;
    }
    if let Some(first) = seen.get(&scalar.text) {
        findings.push(
            Finding::error(
                "duplicate-key",
                Place::source(location),
                format!("`{}` is written twice", scalar.text),
            )
            .label("written again here")
            .related(Place::source(first.clone()), "first written here"),
        );
        return Slot::Dropped;
    }
    seen.insert(scalar.text.clone(), location.clone());
    Slot::Entry(Key {
        text: scalar.text,
        location,
    })
}

fn range(span: &Span) -> Range<usize> {
    let start = span.start.byte_offset().unwrap_or(0);
    let end = span.end.byte_offset().unwrap_or(start);
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node>, Vec<Finding>) {
        let mut findings = Vec::new();
        let node = parse(FileId(0), text, &mut NodeIds::default(), &mut findings);
        (node, findings)
    }

    fn codes(text: &str) -> Vec<&'static str> {
        read(text).1.iter().map(|f| f.code).collect()
    }

    #[test]
    fn every_key_and_value_knows_its_bytes() {
        let text = "a:\n  b: [x, \"y\"]\nc: 1\n";
        let root = read(text).0.expect("valid YAML");
        let slice = |l: &Location| &text[l.range.clone()];
        let a = root.entry("a").expect("a");
        assert_eq!(slice(&a.key.location), "a");
        assert_eq!(slice(&a.value.location), "b: [x, \"y\"]");
        let b = a.value.entry("b").expect("b");
        assert_eq!(slice(&b.value.location), "[x, \"y\"]");
        let Value::List(items) = &b.value.value else {
            panic!("a list")
        };
        assert_eq!(slice(&items[1].location), "\"y\"");
        assert_eq!(slice(&root.location), text.trim_end());
    }

    #[test]
    fn refusals_have_codes() {
        assert_eq!(codes("a: 1\na: 2\n"), ["duplicate-key"]);
        assert_eq!(codes("x: &x {a: 1}\ny:\n  <<: *x\n"), ["merge-key"]);
        assert_eq!(codes("? [a]\n: 1\n"), ["complex-key"]);
        assert_eq!(codes("a: 1\n---\nb: 2\n"), ["several-documents"]);
        assert_eq!(codes("a: [1\n"), ["yaml-syntax"]);
        let tabbed = read("a:\n  b: 1\n\tc: 2\n").1;
        assert_eq!(tabbed[0].message, "a tab cannot indent");
        assert_eq!(codes("a: !!str 1\n"), ["yaml-tag"]);
        assert_eq!(codes("a: &a [*a]\n"), ["recursive-alias"]);
        let deep = format!("a: {}{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(codes(&deep), ["nested-too-deeply"]);
    }

    #[test]
    fn aliases_expand_within_a_budget() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..10 {
            let alias = format!("*a{}", i - 1);
            text.push_str(&format!("a{i}: &a{i} [{}]\n", vec![alias; 10].join(", ")));
        }
        assert_eq!(codes(&text), ["too-large"]);
        let mut text = format!("a0: &a0 {}\n", "x".repeat(1_000));
        for i in 1..6 {
            let alias = format!("*a{}", i - 1);
            text.push_str(&format!("a{i}: &a{i} [{}]\n", vec![alias; 10].join(", ")));
        }
        let findings = read(&text).1;
        assert_eq!(findings[0].code, "too-large");
        assert!(findings[0].message.contains("MiB"), "{findings:?}");
    }
}
