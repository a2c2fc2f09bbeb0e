//! Feature flags: booleans from the environment, settable while the program runs, exposed as metrics.

use std::env;
use std::error::Error;
use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exposition::{Collect, Kind, Meta, Sink, escape_label};
use crate::registry::Registry;
use crate::value::Value;

/// A feature flag, as generated code describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    name: &'static str,
    default: bool,
}

impl Flag {
    /// A flag by its name, which is also that of its environment variable, and its state when nothing else is said.
    pub const fn new(name: &'static str, default: bool) -> Self {
        Self { name, default }
    }
}

/// The state of the flags. A clone is another handle to the same state.
///
/// `feature_flag_status{flag_name, enabled}` exposes two series of each flag, of which the one that holds is 1, and
/// `feature_flag_invalid{flag_name}` is 1 for a flag whose environment variable could not be understood. When several
/// `Flags` are made for one registry, the last made is exposed.
#[derive(Clone, Debug)]
pub struct Flags {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    flags: &'static [Flag],
    enabled: Box<[AtomicBool]>,
    invalid: Box<[bool]>,
}

impl Flags {
    /// Takes the flags from the environment variables of their names: `true`, `1`, `on`, `yes` and `false`, `0`, `off`,
    /// `no`, in any case, with any white space around. Without a variable a flag has its default, and with one that
    /// says something else too; this is then said on standard error, without the value.
    pub fn from_env(registry: &Registry, flags: &'static [Flag]) -> Self {
        let source = |name: &str| Some(env::var_os(name)?.to_string_lossy().into_owned());
        Self::from_source(registry, flags, source)
    }

    /// Takes the flags from `source`, which is asked for each by its name, as from the environment.
    pub fn from_source(
        registry: &Registry,
        flags: &'static [Flag],
        mut source: impl FnMut(&str) -> Option<String>,
    ) -> Self {
        Self::new(registry, flags, |flag| {
            let text = source(flag.name)?;
            let enabled = parse(&text);
            if enabled.is_none() {
                warn(flag);
            }
            Some(enabled)
        })
    }

    /// Gives every flag its default.
    pub fn with_defaults(registry: &Registry, flags: &'static [Flag]) -> Self {
        Self::new(registry, flags, |_| None)
    }

    /// `given` tells nothing, or what was understood of what was said.
    fn new(
        registry: &Registry,
        flags: &'static [Flag],
        given: impl FnMut(&Flag) -> Option<Option<bool>>,
    ) -> Self {
        let given: Vec<_> = flags.iter().map(given).collect();
        let enabled = given.iter().zip(flags);
        let state = Arc::new(State {
            flags,
            enabled: enabled
                .map(|(given, flag)| AtomicBool::new(given.flatten().unwrap_or(flag.default)))
                .collect(),
            invalid: given.iter().map(|given| *given == Some(None)).collect(),
        });
        registry.register(Arc::new(StatusFamily(Arc::clone(&state))));
        registry.register(Arc::new(InvalidFamily(Arc::clone(&state))));
        Self { state }
    }

    /// Whether the flag at `index` is on. One relaxed atomic load.
    ///
    /// # Panics
    ///
    /// When there is no such flag, which generated code cannot cause.
    #[inline]
    pub fn get(&self, index: usize) -> bool {
        self.state.enabled[index].load(Ordering::Relaxed)
    }

    /// Turns the flag at `index` on or off.
    ///
    /// # Panics
    ///
    /// When there is no such flag, which generated code cannot cause.
    pub fn set(&self, index: usize, enabled: bool) {
        self.state.enabled[index].store(enabled, Ordering::Relaxed);
    }

    /// The name and state of every flag, in written order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, bool)> + '_ {
        self.state.iter()
    }

    /// Turns the flag called `name` on or off.
    ///
    /// # Errors
    ///
    /// When no flag has this name.
    pub fn set_by_name(&self, name: &str, enabled: bool) -> Result<(), UnknownFlag> {
        let index = self.state.flags.iter().position(|flag| flag.name == name);
        self.set(index.ok_or(UnknownFlag { _private: () })?, enabled);
        Ok(())
    }
}

impl State {
    fn iter(&self) -> impl Iterator<Item = (&'static str, bool)> + '_ {
        let flags = self.flags.iter().zip(&self.enabled);
        flags.map(|(flag, enabled)| (flag.name, enabled.load(Ordering::Relaxed)))
    }
}

/// No feature flag has the name that was asked for. The name is not told: it may be anything that came from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownFlag {
    _private: (),
}

impl fmt::Display for UnknownFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no feature flag has this name")
    }
}

impl Error for UnknownFlag {}

/// Says in one line that the variable of a flag could not be understood.
fn warn(flag: &Flag) {
    let Flag { name, default } = flag;
    let line = format!(
        "monospec: the environment variable {name} is neither true nor false; the flag keeps its default, {default}\n"
    );
    // Nothing is to be done about a standard error that is closed.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

fn parse(text: &str) -> Option<bool> {
    let text = text.trim();
    let is = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1", "on", "yes"]) {
        Some(true)
    } else if is(["false", "0", "off", "no"]) {
        Some(false)
    } else {
        None
    }
}

struct StatusFamily(Arc<State>);

impl Collect for StatusFamily {
    fn meta(&self) -> Meta<'_> {
        Meta {
            name: "feature_flag_status",
            former_name: None,
            help: "Whether the feature flag is in this state.",
            unit: "",
            kind: Kind::Gauge,
        }
    }

    fn collect(&self, sink: &mut Sink<'_>) -> fmt::Result {
        for (name, state) in self.0.iter() {
            for enabled in [true, false] {
                let name = escape_label(name);
                let labels = format!("flag_name=\"{name}\",enabled=\"{enabled}\"");
                sink(&labels, Value::Integer((state == enabled).into()))?;
            }
        }
        Ok(())
    }
}

struct InvalidFamily(Arc<State>);

impl Collect for InvalidFamily {
    fn meta(&self) -> Meta<'_> {
        Meta {
            name: "feature_flag_invalid",
            former_name: None,
            help: "Whether the environment variable of the feature flag could not be understood.",
            unit: "",
            kind: Kind::Gauge,
        }
    }

    fn collect(&self, sink: &mut Sink<'_>) -> fmt::Result {
        for (flag, invalid) in self.0.flags.iter().zip(&self.0.invalid) {
            let labels = format!("flag_name=\"{}\"", escape_label(flag.name));
            sink(&labels, Value::Integer((*invalid).into()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_on_and_off() {
        for text in ["true", "TRUE", " 1\n", "On", "\tyes "] {
            assert_eq!(parse(text), Some(true), "{text:?}");
        }
        for text in ["false", "False", "0", "oFF", " no "] {
            assert_eq!(parse(text), Some(false), "{text:?}");
        }
        for text in ["", " ", "2", "tru", "enabled", "y", "t r u e", "\u{fffd}"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
