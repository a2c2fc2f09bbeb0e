//! The parts of a document that fail alone.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::deserializer::At;
use super::error::Error;

/// A part of the document that stands for itself: if something in it is wrong, all of that is reported and the part is
/// [`None`], while the rest of the document is decoded as if nothing had happened.
#[derive(Clone, Debug, Default)]
pub struct Entry<T>(pub Option<T>);

/// By this name [`Entry`] asks our deserializer for as many attempts as it takes.
pub(super) const NAME: &str = "monospec::Entry";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Attempt<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Attempt<T> {
            type Value = Entry<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an entry")
            }

            /// Each element is one more attempt at the same node; none is left when it decoded or cannot be saved.
            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut attempts: A,
            ) -> Result<Self::Value, A::Error> {
                loop {
                    match attempts.next_element() {
                        Ok(Some(value)) => return Ok(Entry(Some(value))),
                        Ok(None) => return Ok(Entry(None)),
                        Err(_) => {}
                    }
                }
            }
        }

        deserializer.deserialize_newtype_struct(NAME, Attempt(PhantomData))
    }
}

/// Decodes one node again and again, each time without what failed before.
pub(super) struct Attempts<'d> {
    at: At<'d>,
    exhausted: bool,
}

impl<'d> Attempts<'d> {
    pub(super) fn new(at: At<'d>) -> Self {
        Self {
            exhausted: at.run.cut(at.node).is_some()
                || at.run.failed.borrow().contains(&at.node.id),
            at,
        }
    }
}

impl<'de> SeqAccess<'de> for Attempts<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.exhausted {
            return Ok(None);
        }
        match seed.deserialize(self.at.clone()) {
            Ok(value) => {
                self.exhausted = true;
                let failed = self.at.run.failed.borrow().contains(&self.at.node.id);
                Ok((!failed).then_some(value))
            }
            Err(error) => {
                self.at.run.failed.borrow_mut().insert(self.at.node.id);
                // Without something new to cut, or with the whole node cut, another attempt would end the same way.
                self.exhausted =
                    !self.at.run.record(error) || self.at.run.cut(self.at.node).is_some();
                Err(Error::give_up())
            }
        }
    }
}

/// A dictionary of entries in the order in which they are written.
///
/// Entries that could not be decoded are left out, but their names are known, so that nobody who uses one is told that it
/// does not exist.
#[derive(Clone, Debug)]
pub struct Dict<T> {
    entries: Vec<(String, T)>,
    failed: HashSet<String>,
}

impl<T> Default for Dict<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            failed: HashSet::new(),
        }
    }
}

impl<T> Dict<T> {
    /// The entries that could be decoded.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &T)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_str(), value))
    }

    /// The names of the entries that could not be decoded, in no order.
    pub fn failed(&self) -> impl Iterator<Item = &str> {
        self.failed.iter().map(String::as_str)
    }

    /// Whether nothing was written here at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.failed.is_empty()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Dict<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Dict<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Dict::default())
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut dict = Dict::default();
                while let Some(key) = map.next_key::<String>()? {
                    match map.next_value::<Entry<T>>()? {
                        Entry(Some(value)) => dict.entries.push((key, value)),
                        Entry(None) => {
                            dict.failed.insert(key);
                        }
                    }
                }
                Ok(dict)
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}
