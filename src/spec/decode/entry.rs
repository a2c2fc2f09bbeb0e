//! The parts of a document that fail alone.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor,
};

use super::deserializer::At;
use super::error::Error;

/// A part of the document that stands for itself: if something in it is wrong, all of that is reported, while the rest of the
/// document is decoded as if nothing had happened.
#[derive(Clone, Debug)]
pub enum Entry<T> {
    /// As it was written, but for unknown keys.
    Sound(T),
    /// Some keys hold stand-ins; the others are as they were written, so that what refers to them can be checked.
    Doubtful {
        /// What is left.
        value: T,
        /// The keys that hold stand-ins.
        keys: Vec<String>,
    },
    /// Nothing is left.
    Lost,
}

impl<T> Entry<T> {
    /// The value, if it is as it was written.
    pub fn sound(&self) -> Option<&T> {
        match self {
            Self::Sound(value) => Some(value),
            Self::Doubtful { .. } | Self::Lost => None,
        }
    }
}

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

            /// Each element is one more attempt at the same node; none is left if it cannot be saved. After the one that
            /// succeeds come the keys in doubt.
            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut attempts: A,
            ) -> Result<Self::Value, A::Error> {
                loop {
                    match attempts.next_element() {
                        Ok(Some(value)) => {
                            let keys: Vec<String> = attempts.next_element()?.unwrap_or_default();
                            return Ok(if keys.is_empty() {
                                Entry::Sound(value)
                            } else {
                                Entry::Doubtful { value, keys }
                            });
                        }
                        Ok(None) => return Ok(Entry::Lost),
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
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Trying,
    Decoded,
    Exhausted,
}

impl<'d> Attempts<'d> {
    pub(super) fn new(at: At<'d>) -> Self {
        let state = match at.run.cut(at.node) {
            None => State::Trying,
            Some(_) => State::Exhausted,
        };
        Self { at, state }
    }
}

impl<'de> SeqAccess<'de> for Attempts<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        match self.state {
            State::Trying => {}
            State::Decoded => {
                self.state = State::Exhausted;
                let doubts = self.at.run.doubts.borrow();
                let keys = doubts.get(&self.at.node.id).cloned().unwrap_or_default();
                return seed.deserialize(keys.into_deserializer()).map(Some);
            }
            State::Exhausted => return Ok(None),
        }
        match seed.deserialize(self.at.clone()) {
            Ok(value) => {
                self.state = State::Decoded;
                Ok(Some(value))
            }
            Err(error) => {
                let recorded = self.at.run.record(error, Some(&self.at));
                // Without something new to cut, or with the whole node cut, another attempt would end the same way.
                if !recorded || self.at.run.cut(self.at.node).is_some() {
                    self.state = State::Exhausted;
                }
                Err(Error::give_up())
            }
        }
    }
}

/// A dictionary of entries in the order in which they are written.
///
/// The names of entries that could not be decoded are known, so that nobody who uses one is told that it does not exist.
#[derive(Clone, Debug)]
pub struct Dict<T> {
    entries: Vec<(String, Entry<T>)>,
}

impl<T> Default for Dict<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
        }
    }
}

impl<T> Dict<T> {
    /// The entries that are as they were written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries
            .iter()
            .filter_map(|(key, entry)| Some((key.as_str(), entry.sound()?)))
    }

    /// Every entry.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&str, &Entry<T>)> {
        self.entries
            .iter()
            .map(|(key, entry)| (key.as_str(), entry))
    }

    /// The names of the entries in which something could not be decoded.
    pub fn failed(&self) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .filter(|(_, entry)| entry.sound().is_none())
            .map(|(key, _)| key.as_str())
    }

    /// Whether nothing was written here at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T> Dict<Option<T>> {
    /// The entries that are as they were written; what is null is absent.
    pub fn present(&self) -> impl Iterator<Item = (&str, &T)> {
        self.iter()
            .filter_map(|(key, value)| Some((key, value.as_ref()?)))
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
                while let Some(entry) = map.next_entry()? {
                    dict.entries.push(entry);
                }
                Ok(dict)
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}
