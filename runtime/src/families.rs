//! The families of a registry.

use std::collections::HashMap;
use std::sync::Arc;

use crate::exposition::{Collect, Kind, Meta};

/// What the samples of a histogram are called, with the time of its creation, which is not exposed but
/// [kept free](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#suffixes).
const HISTOGRAM: [&str; 4] = ["_bucket", "_count", "_sum", "_created"];

/// Families in the order of their registration.
#[derive(Default)]
pub(crate) struct Families {
    list: Vec<Arc<dyn Collect>>,
    /// Where in the list the family of a name is.
    places: HashMap<Box<str>, usize>,
    /// How many families have a name: as their own, a former one, or that of samples.
    names: HashMap<Box<str>, usize>,
}

impl Families {
    /// Adds a family, in the place of the one with the same name if there is one.
    pub(crate) fn insert(&mut self, family: Arc<dyn Collect>) {
        let meta = family.meta();
        let name = meta.name;
        self.reserve(&meta);
        match self.places.get(name) {
            Some(place) => {
                let replaced = std::mem::replace(&mut self.list[*place], family);
                self.release(&replaced.meta());
            }
            None => {
                self.places.insert(name.into(), self.list.len());
                self.list.push(family);
            }
        }
    }

    /// Takes the names of a family, which may be exposed beside the list.
    pub(crate) fn reserve(&mut self, meta: &Meta<'_>) {
        for name in names(meta) {
            *self.names.entry(name).or_default() += 1;
        }
    }

    fn release(&mut self, meta: &Meta<'_>) {
        for name in names(meta) {
            if let Some(count) = self.names.get_mut(&name) {
                *count -= 1;
                if *count == 0 {
                    self.names.remove(&name);
                }
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn Collect> {
        self.list.iter().map(|family| &**family)
    }

    /// Whether a name is that of a family, now or formerly, or of its samples.
    pub(crate) fn taken(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }
}

/// The names that a family has in every format.
fn names(meta: &Meta<'_>) -> impl Iterator<Item = Box<str>> {
    let suffixes: &[&str] = match meta.kind {
        Kind::Histogram => &HISTOGRAM,
        Kind::Counter | Kind::Gauge | Kind::Info => &[],
    };
    let own = [Some(meta.name), meta.former_name].into_iter().flatten();
    own.flat_map(move |name| {
        let samples = suffixes.iter().map(move |suffix| format!("{name}{suffix}"));
        std::iter::once(name.to_owned()).chain(samples)
    })
    .map(String::into_boxed_str)
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
        families.insert(family("a", None));
        families.insert(family("b", Some("c")));
        families.insert(family("b", None));
        let taken = ["a", "b", "c", "d"].map(|name| families.taken(name));
        assert_eq!(taken, [true, true, true, false]);
    }
}
