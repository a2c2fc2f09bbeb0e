//! The families of a registry.

use std::collections::HashMap;
use std::sync::Arc;

use crate::exposition::{Collect, Meta};

/// Families in the order of their registration.
#[derive(Default)]
pub(crate) struct Families {
    list: Vec<Arc<dyn Collect>>,
    /// Which of them have a name: their own, and a former one.
    places: HashMap<Box<str>, usize>,
}

impl Families {
    /// Adds a family, in the place of the one with the same name if there is one.
    pub(crate) fn insert(&mut self, family: Arc<dyn Collect>) {
        let Meta {
            name, former_name, ..
        } = family.meta();
        let known = self.places.get(name).copied();
        let known = known.filter(|place| self.list[*place].meta().name == name);
        let place = known.unwrap_or(self.list.len());
        self.places.insert(name.into(), place);
        if let Some(former) = former_name {
            self.places.entry(former.into()).or_insert(place);
        }
        match known {
            Some(place) => self.list[place] = family,
            None => self.list.push(family),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn Collect> {
        self.list.iter().map(|family| &**family)
    }

    /// Whether a family has this name, now or formerly.
    pub(crate) fn taken(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposition::{Kind, Single};
    use crate::value::Value;

    fn family(name: &'static str, former_name: Option<&'static str>) -> Arc<dyn Collect> {
        Arc::new(Single {
            meta: Meta {
                name,
                former_name,
                help: "",
                unit: "",
                kind: Kind::Gauge,
            },
            labels: String::new(),
            value: Value::Integer(0),
        })
    }

    #[test]
    fn a_family_takes_the_place_of_the_one_it_replaces() {
        let mut families = Families::default();
        for (name, former_name) in [
            ("a", Some("c")),
            ("b", None),
            ("a", Some("d")),
            // It is its own, though another had its name.
            ("c", None),
        ] {
            families.insert(family(name, former_name));
        }
        let names = families.iter().map(|family| {
            let meta = family.meta();
            (meta.name, meta.former_name)
        });
        let names: Vec<_> = names.collect();
        assert_eq!(names, [("a", Some("d")), ("b", None), ("c", None)]);
        for name in ["a", "b", "c", "d"] {
            assert!(families.taken(name), "{name}");
        }
        assert!(!families.taken("e"));
    }
}
