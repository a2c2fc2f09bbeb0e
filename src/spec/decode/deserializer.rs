//! serde reads the tree directly.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::entry::{self, Attempts};
use super::error::{Error, Raised};
use super::{Cut, Path, Run};
use crate::spec::document::SHORTHAND;
use crate::spec::yaml::{Entry, Node, Plain, Scalar, Value};

/// A node, and the way to it.
#[derive(Clone)]
pub(super) struct At<'d> {
    pub(super) run: &'d Run,
    pub(super) node: &'d Node,
    path: Path<'d>,
    /// Whether it gives a value for whatever is asked. That takes the place of one that was reported, so that the rest of its
    /// entry is still looked at; its key is in doubt afterwards, and nobody relies on the value.
    stands_in: bool,
}

impl<'d> At<'d> {
    pub(super) fn new(run: &'d Run, node: &'d Node) -> Self {
        Self {
            run,
            node,
            path: Path::Root,
            stands_in: false,
        }
    }

    /// What takes the place of something in here.
    fn stand_in(&self) -> Self {
        Self {
            stands_in: true,
            ..self.clone()
        }
    }

    /// An empty list.
    fn no_items<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(List {
            at: self,
            items: [].iter().enumerate(),
        })
    }

    /// An empty mapping.
    fn no_entries<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Map {
            at: self,
            entries: [].iter(),
            granted: Vec::new().into_iter(),
            fields: None,
            next: None,
        })
    }

    /// The way to the node.
    pub(super) fn pointer(&self) -> String {
        self.path.pointer()
    }

    /// Adds the place to an error that has none yet.
    pub(super) fn place<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.at(self.node, &self.path))
    }

    fn scalar<'de, V: Visitor<'de>>(scalar: &Scalar, visitor: V) -> Result<V::Value, Error> {
        match scalar.resolve() {
            Plain::Null => visitor.visit_unit(),
            Plain::Bool(value) => visitor.visit_bool(value),
            Plain::Integer(value) => match u64::try_from(value) {
                Ok(value) => visitor.visit_u64(value),
                Err(_) => visitor.visit_i64(value),
            },
            Plain::Float(value) if value.is_infinite() && !scalar.text.ends_with(['f', 'F']) => {
                Err(out_of_range(&scalar.text))
            }
            Plain::Float(value) => visitor.visit_f64(value),
            Plain::Text => visitor.visit_str(&scalar.text),
        }
    }

    fn any<'de, V: Visitor<'de>>(
        &self,
        visitor: V,
        fields: Option<&'static [&'static str]>,
    ) -> Result<V::Value, Error> {
        if self.stands_in {
            return visitor.visit_str("");
        }
        match &self.node.value {
            Value::Scalar(scalar) => Self::scalar(scalar, visitor),
            Value::List(items) => visitor.visit_seq(List {
                at: self,
                items: items.iter().enumerate(),
            }),
            Value::Map(entries) => visitor.visit_map(Map {
                at: self,
                entries: entries.iter(),
                granted: match fields {
                    Some(_) => self.run.granted(self.node).into_iter(),
                    None => Vec::new().into_iter(),
                },
                fields,
                next: None,
            }),
        }
    }
}

fn out_of_range(number: &str) -> Error {
    de::Error::custom(format!(
        "`{number}` is out of range\nnumbers go up to {:e}",
        f64::MAX
    ))
}

impl<'de> de::Deserializer<'de> for At<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.place(self.any(visitor, None))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.stands_in {
            true => visitor.visit_bool(false),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.stands_in {
            true => visitor.visit_u64(1),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.stands_in {
            true => visitor.visit_f64(0.0),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.stands_in {
            true => self.no_items(visitor),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.stands_in {
            true => self.no_entries(visitor),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.stands_in {
            return self.no_entries(visitor);
        }
        let result = match &self.node.value {
            // serde would take it for the values of the keys, in their order.
            Value::List(_) if name != SHORTHAND => Err(Error::raised(Raised::WrongType {
                found: "a list".to_owned(),
                expected: "a mapping".to_owned(),
            })),
            _ => self.any(visitor, Some(fields)),
        };
        self.place(result)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.stands_in || self.node.is_null() {
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.stands_in {
            let first: &str = variants.first().copied().unwrap_or_default();
            return visitor.visit_enum(first.into_deserializer());
        }
        let result = match &self.node.value {
            Value::Scalar(scalar) if !self.node.is_null() => {
                visitor.visit_enum(scalar.text.as_str().into_deserializer())
            }
            _ => Err(Error::raised(Raised::WrongType {
                found: match &self.node.value {
                    Value::List(_) => "a list",
                    Value::Map(_) => "a mapping",
                    Value::Scalar(_) => "nothing",
                }
                .to_owned(),
                expected: "a word".to_owned(),
            })),
        };
        self.place(result)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == entry::NAME {
            return match self.stands_in {
                true => self.no_items(visitor),
                false => visitor.visit_seq(Attempts::new(self)),
            };
        }
        match self.stands_in {
            true => self.no_items(visitor),
            false => visitor.visit_newtype_struct(self),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 u32 f32 char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier
        ignored_any
    }
}

struct List<'a, 'd> {
    at: &'a At<'d>,
    items: std::iter::Enumerate<std::slice::Iter<'d, Node>>,
}

impl<'de> de::SeqAccess<'de> for List<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some((index, node)) = self.items.next() else {
            return Ok(None);
        };
        if self.at.run.cut(node).is_some() {
            return seed
                .deserialize(self.at.stand_in())
                .map(Some)
                .map_err(|_| Error::give_up());
        }
        let item = At {
            run: self.at.run,
            node,
            path: Path::Index(&self.at.path, index),
            stands_in: false,
        };
        item.place(seed.deserialize(item.clone())).map(Some)
    }
}

struct Map<'a, 'd> {
    at: &'a At<'d>,
    entries: std::slice::Iter<'d, Entry>,
    /// Keys of a struct that were reported missing and are now stood in for.
    granted: std::vec::IntoIter<&'static str>,
    /// The keys that a struct knows.
    fields: Option<&'static [&'static str]>,
    next: Option<Next<'d>>,
}

enum Next<'d> {
    Entry(&'d Entry),
    StandIn,
}

impl<'de> de::MapAccess<'de> for Map<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        for entry in self.entries.by_ref() {
            let key = entry.key.text.as_str();
            match self.at.run.cut(&entry.value) {
                Some(Cut::Skip) => continue,
                Some(Cut::StandIn) => self.next = Some(Next::StandIn),
                // What is null is absent; the key has to exist all the same.
                None if entry.value.is_null() && self.fields.is_some_and(|f| f.contains(&key)) => {
                    continue;
                }
                None => self.next = Some(Next::Entry(entry)),
            }
            return seed
                .deserialize(key.into_deserializer())
                .map(Some)
                .map_err(|error: Error| {
                    let path = Path::Key(&self.at.path, key);
                    error.at_key(&entry.value, self.at.node, &path)
                });
        }
        let Some(key) = self.granted.next() else {
            return Ok(None);
        };
        self.next = Some(Next::StandIn);
        seed.deserialize(BorrowedStrDeserializer::<Error>::new(key))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match self.next.take() {
            Some(Next::Entry(entry)) => {
                let value = At {
                    run: self.at.run,
                    node: &entry.value,
                    path: Path::Key(&self.at.path, &entry.key.text),
                    stands_in: false,
                };
                value.place(seed.deserialize(value.clone()))
            }
            Some(Next::StandIn) => seed
                .deserialize(self.at.stand_in())
                .map_err(|_| Error::give_up()),
            None => Err(Error::give_up()),
        }
    }
}
