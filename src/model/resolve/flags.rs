//! `flags:`

use std::collections::HashMap;

use super::{collision, names_of};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Flag;
use crate::model::names;
use crate::spec::Place;
use crate::spec::document::Document;

/// Methods of the generated `Flags` that are no flag's.
const OWN_METHODS: &[&str] = &["from_env", "with_defaults", "iter", "set_by_name"];

pub(super) fn resolve(document: &Document, findings: &mut Findings) -> Vec<Flag> {
    let mut flags: Vec<Flag> = Vec::new();
    let mut methods: HashMap<String, Place> = HashMap::new();
    let setter = |method: &str| format!("set_{}", method.strip_prefix("r#").unwrap_or(method));
    for (name, flag) in document.flags.iter() {
        let at = Place::root().child("flags").child(name);
        let method = names::snake_identifier(name);
        if !names::is_label_name(name) || method.is_empty() {
            findings.push(
                Finding::error(
                    "bad-name",
                    at.key(),
                    format!("`{name}` cannot be the name of a flag"),
                )
                .help("it is an environment variable: letters, digits and `_`, no digit first"),
            );
        } else if let Some(method) = [method.clone(), setter(&method)]
            .iter()
            .find(|method| OWN_METHODS.contains(&method.as_str()))
        {
            findings.push(Finding::error(
                "name-collision",
                at.key(),
                format!("the generated code has a method `{method}` of its own"),
            ));
        } else {
            let taken = [method.clone(), setter(&method)]
                .into_iter()
                .find_map(|method| Some((methods.get(&method)?.clone(), method)));
            if let Some((first, method)) = taken {
                findings.push(collision(
                    at.key(),
                    &first,
                    "methods of the Rust code",
                    &method,
                    "rename one of the flags",
                ));
            } else {
                methods.insert(setter(&method), at.key());
                methods.insert(method.clone(), at.key());
            }
        }
        if let Some(day) = flag.expires.as_deref().filter(|day| !is_day(day)) {
            findings.push(
                Finding::error(
                    "bad-value",
                    at.child("expires"),
                    format!("`{day}` is not a day"),
                )
                .help("write it like `2027-03-31`"),
            );
        }
        flags.push(Flag {
            name: name.to_owned(),
            method,
            default: flag.default,
            help: flag.help.clone(),
            owner: flag.owner.clone(),
            expires: flag.expires.clone(),
            allow: names_of(&flag.allow),
            origin: at,
        });
    }
    flags
}

/// `YYYY-MM-DD` of the Gregorian calendar.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let shaped = [(year, 4), (month, 2), (day, 2)]
        .iter()
        .all(|(part, length)| part.len() == *length && part.bytes().all(|b| b.is_ascii_digit()));
    let (Ok(year), Ok(month), Ok(day)) = (
        year.parse::<u32>(),
        month.parse::<u32>(),
        day.parse::<u32>(),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    shaped && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn days_exist() {
        for day in ["2027-03-31", "2028-02-29", "2000-02-29"] {
            assert!(is_day(day), "{day}");
        }
        for day in [
            "2027-02-29",
            "2100-02-29",
            "2027-13-01",
            "2027-00-10",
            "27-1-1",
            "2027-04-31",
            "x",
        ] {
            assert!(!is_day(day), "{day}");
        }
    }
}
