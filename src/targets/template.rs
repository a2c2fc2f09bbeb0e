//! Text from templates, in which everything that is inserted has a type.
//!
//! A template may insert integers and what was made by a type that knows how to write itself harmlessly. Anything else,
//! a bare string above all, ends the rendering: text of a spec cannot become text of an artefact by oversight.

use std::collections::BTreeMap;
use std::fmt;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

/// What a template can be given. Nothing that comes from a spec is, unless a type has made it harmless.
pub(crate) trait Given {
    /// What the template sees.
    fn given(self) -> Value;
}

macro_rules! given {
    ($($plain:ty),*) => {
        $(impl Given for $plain {
            fn given(self) -> Value {
                self.into()
            }
        })*
    };
}

given!(Value, bool, u16, u32, u64, usize);

impl<T: Given> Given for Option<T> {
    fn given(self) -> Value {
        self.map_or_else(|| ().into(), Given::given)
    }
}

impl<T: Given> Given for Vec<T> {
    fn given(self) -> Value {
        self.into_iter()
            .map(Given::given)
            .collect::<Vec<Value>>()
            .into()
    }
}

/// A mapping from names to values.
pub(crate) fn mapping(fields: Vec<(&'static str, Value)>) -> Value {
    fields.into_iter().collect::<BTreeMap<_, _>>().into()
}

/// A struct that a template is given as a mapping from the names of its fields.
macro_rules! view {
    (
        $(#[$about:meta])*
        $visibility:vis struct $name:ident {
            $($(#[$field_about:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$about])*
        $visibility struct $name {
            $($(#[$field_about])* $field: $type,)*
        }

        impl $crate::targets::template::Given for $name {
            fn given(self) -> minijinja::Value {
                $crate::targets::template::mapping(vec![
                    $((stringify!($field), $crate::targets::template::Given::given(self.$field)),)*
                ])
            }
        }
    };
}
pub(crate) use view;

/// Text that a template may insert as it is. Only the types that make it harmless make it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Safe(Value);

impl Safe {
    /// Vouches for a text. For the types that stand between a spec and a template, and for nobody else.
    pub(in crate::targets) fn vouched(text: impl Into<String>) -> Self {
        Self(Value::from_safe_string(text.into()))
    }
}

impl fmt::Debug for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Given for Safe {
    fn given(self) -> Value {
        self.0
    }
}

/// Templates by name.
pub(crate) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Reads templates, given by name and text.
    pub(crate) fn new(templates: &[(&'static str, &'static str)]) -> Result<Self, Error> {
        // Without filters, `safe` among them, nothing in a template can vouch for a value.
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?;
        environment.set_syntax(syntax);
        environment.set_formatter(|out, _, value| match value.kind() {
            ValueKind::Number if value.is_integer() => {
                write!(out, "{value}").map_err(|error| refused(&error))
            }
            ValueKind::String if value.is_safe() => out
                .write_str(value.as_str().unwrap_or_default())
                .map_err(|error| refused(&error)),
            kind => Err(refused(&format!("a template may not insert a bare {kind}"))),
        });
        for (name, text) in templates {
            environment.add_template(name, text)?;
        }
        Ok(Self { environment })
    }

    /// What a template makes of its context, which another template may insert.
    pub(crate) fn render(&self, name: &str, context: impl Given) -> Result<Safe, Error> {
        Ok(Safe::vouched(self.text(name, context)?))
    }

    /// The text that a template makes of its context.
    pub(crate) fn text(&self, name: &str, context: impl Given) -> Result<String, Error> {
        self.environment.get_template(name)?.render(context.given())
    }
}

fn refused(why: &impl fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidOperation, why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &'static str, value: impl Given) -> Result<String, String> {
        let context = mapping(vec![("value", value.given())]);
        Templates::new(&[("t", template)])
            .and_then(|templates| templates.text("t", context))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn only_vouched_text_and_integers_are_inserted() {
        assert_eq!(
            render("a {{ value }} b", Safe::vouched("<\"'&>")),
            Ok("a <\"'&> b".to_owned())
        );
        assert_eq!(render("{{ value }}", 10_000_usize), Ok("10000".to_owned()));
        for refused in [
            render("{{ value }}", Value::from("text")),
            render("{{ value[0] }}", vec![Value::from("text")]),
            render("{{ 'text' }}", 1_usize),
            render("{{ value ~ 'text' }}", Safe::vouched("a")),
            render("{{ value }}", Value::from(1.5)),
            render("{{ value }}", true),
            render("{{ value }}", None::<Safe>),
            render("{{ value }}", vec![1_usize]),
        ] {
            let error = refused.expect_err("a bare value is refused");
            assert!(
                error.contains("a template may not insert a bare"),
                "{error}"
            );
        }
    }

    #[test]
    fn nothing_vouches_for_a_value_in_a_template() {
        assert!(render("{{ value|safe }}", Value::from("text")).is_err());
        assert!(render("{{ value.missing }}", mapping(vec![("value", 1.into())])).is_err());
        assert!(render("{{ missing }}", 1_usize).is_err());
    }

    #[test]
    fn values_are_no_templates() {
        let text = "{{ value }} {% raw %} ${x}";
        assert_eq!(
            render("{{ value }}", Safe::vouched(text)),
            Ok(text.to_owned())
        );
    }
}
