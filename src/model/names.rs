//! Names: what Prometheus takes, and what they become in Rust.

use super::unit::{Base, Unit};

/// Whether Prometheus takes this as a [label's name](https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels)
/// in every version.
pub(crate) fn is_label_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether Prometheus takes this as a metric's name; colons are for recording rules.
pub(crate) fn is_metric_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b':'))
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':'))
}

/// Whether a service may have this name, which becomes that of a job, of files and of objects.
pub(crate) fn is_service_name(name: &str) -> bool {
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(valid)
}

/// Labels that scraping or alerting sets: a metric of the service may not have them, because the one would silently
/// overwrite the other.
pub(crate) const RESERVED_LABELS: &[&str] = &[
    "job",
    "instance",
    "service",
    "team",
    "severity",
    "alertname",
    "le",
    "quantile",
];

/// The words of a name: cut at everything that is not an ASCII letter or digit.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// `cache_operations` and `GET` become `CacheOperations` and `Get`; a leading digit gets an `N`. Empty if nothing is left.
pub(crate) fn upper_camel(text: &str) -> String {
    let mut camel = String::with_capacity(text.len());
    for word in words(text) {
        // SHOUTED words are lowered; a hump inside a word is kept.
        let shouted = !word.bytes().any(|b| b.is_ascii_lowercase());
        let (first, rest) = word.split_at(1);
        camel.push_str(&first.to_ascii_uppercase());
        if shouted {
            camel.push_str(&rest.to_ascii_lowercase());
        } else {
            camel.push_str(rest);
        }
    }
    if camel.starts_with(|c: char| c.is_ascii_digit()) {
        camel.insert(0, 'N');
    }
    camel
}

/// A metric's name without `_total` and unit, as types are called by it.
pub(crate) fn stem(metric: &str) -> &str {
    let name = metric.strip_suffix("_total").unwrap_or(metric);
    match Unit::of_name(name).base {
        Base::Number => name,
        _ => name.rsplit_once('_').map_or(name, |(stem, _)| stem),
    }
}

/// A function or an argument of this name: snake case, keywords made raw. Empty if nothing is left.
pub(crate) fn snake_identifier(name: &str) -> String {
    let mut snake = words(name)
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("_");
    if snake.starts_with(|c: char| c.is_ascii_digit()) {
        snake.insert(0, 'n');
    }
    match snake.as_str() {
        // These cannot be raw: https://doc.rust-lang.org/reference/identifiers.html#raw-identifiers
        "self" | "super" | "crate" => snake.push('_'),
        word if KEYWORDS.contains(&word) => snake.insert_str(0, "r#"),
        _ => {}
    }
    snake
}

/// Whether this can stand as a variant, as it is written. The generated code has constants `ALL` and `VALUES`.
pub(crate) fn is_variant(name: &str) -> bool {
    is_label_name(name)
        && !matches!(name, "Self" | "_" | "ALL" | "VALUES")
        && !KEYWORDS.contains(&name)
        && !matches!(name, "self" | "super" | "crate")
}

/// [Keywords](https://doc.rust-lang.org/reference/keywords.html) of every edition, strict and reserved.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// `Request Rate & Duration` becomes `request-rate-duration`.
#[cfg(feature = "monitoring")]
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_variants() {
        for (value, variant) in [
            ("GET", "Get"),
            ("_OTHER", "Other"),
            ("application/json", "ApplicationJson"),
            ("2xx", "N2xx"),
            ("getItem", "GetItem"),
            ("cache_operations", "CacheOperations"),
            ("+", ""),
            ("ü", ""),
            ("self", "Self"),
        ] {
            assert_eq!(upper_camel(value), variant, "{value}");
        }
        assert!(
            !is_variant("Self")
                && !is_variant("ALL")
                && !is_variant("")
                && !is_variant("a b")
                && is_variant("Plus")
        );
    }

    #[test]
    fn names_become_functions() {
        for (name, function) in [
            ("http_requests_total", "http_requests_total"),
            ("USE_UNIFIED_ATTRIBUTES", "use_unified_attributes"),
            ("type", "r#type"),
            ("self", "self_"),
            ("__x", "x"),
            ("_5", "n5"),
            ("open-search", "open_search"),
        ] {
            assert_eq!(snake_identifier(name), function, "{name}");
        }
    }

    #[cfg(feature = "monitoring")]
    #[test]
    fn titles_become_slugs() {
        assert_eq!(slug("Request Rate & Duration"), "request-rate-duration");
        assert_eq!(slug("  Größe (MiB) "), "größe-mib");
    }
}
