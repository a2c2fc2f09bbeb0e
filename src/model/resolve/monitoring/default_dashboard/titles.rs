//! Names of metrics as people say them.

use std::collections::{HashMap, HashSet};

use crate::model::names;

/// Words that are not written like others in a sentence.
const SPELT: &[(&str, &str)] = &[
    ("api", "API"),
    ("cpu", "CPU"),
    ("db", "DB"),
    ("dns", "DNS"),
    ("fds", "file descriptors"),
    ("gc", "GC"),
    ("grpc", "gRPC"),
    ("http", "HTTP"),
    ("id", "ID"),
    ("io", "I/O"),
    ("os", "OS"),
    ("rpc", "RPC"),
    ("s3", "S3"),
    ("sql", "SQL"),
    ("tcp", "TCP"),
    ("tls", "TLS"),
    ("udp", "UDP"),
    ("url", "URL"),
];

/// The title of each name, unlike any other and unlike those that are `taken`: the words that are given with it, unless something
/// else has them; then all words of the name, and in the worst case the name.
pub(super) fn of<'a>(names: &[(&'a str, String)], taken: &[&str]) -> HashMap<&'a str, String> {
    let mut titles: HashMap<&str, String> = HashMap::with_capacity(names.len());
    let mut taken: HashSet<String> = taken.iter().map(|&title| title.to_owned()).collect();
    let mut left: Vec<(&str, String)> = names.to_vec();
    for _ in 0..2 {
        let mut count: HashMap<String, u32> = HashMap::new();
        for (_, title) in &left {
            *count.entry(title.clone()).or_default() += 1;
        }
        left.retain(|(name, title)| {
            let free = !title.is_empty() && count[title] == 1 && !taken.contains(title);
            if free {
                titles.insert(name, title.clone());
            }
            !free
        });
        taken.extend(titles.values().cloned());
        for (name, title) in &mut left {
            *title = words(name);
        }
    }
    titles.extend(left.into_iter().map(|(name, _)| (name, name.to_owned())));
    titles
}

/// A metric's name without what its kind and its unit add, and without the service's own name.
pub(super) fn of_metric(name: &str, service: &str) -> String {
    let stem = names::stem(name);
    let service: Vec<&str> = service.split(['-', '_', '.']).collect();
    let all: Vec<&str> = split(stem).collect();
    let same = all.iter().zip(&service).take_while(|(a, b)| a == b).count();
    match same > 0 && same < all.len() {
        true => words(&all[same..].join("_")),
        false => words(stem),
    }
}

/// `process_cpu` is "Process CPU".
pub(super) fn words(name: &str) -> String {
    let spelt = |word: &str| {
        let known = SPELT.iter().find(|(short, _)| *short == word);
        known.map_or_else(|| word.to_owned(), |(_, long)| (*long).to_owned())
    };
    let words: Vec<String> = split(name).map(spelt).collect();
    let words = words.join(" ");
    let mut letters = words.chars();
    match letters.next() {
        // The first letter of gRPC is small on purpose.
        Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => words,
    }
}

/// The words of a name.
pub(super) fn split(name: &str) -> impl Iterator<Item = &str> {
    name.split(['_', ':']).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_sentences() {
        for (name, title) in [
            ("cache_operations_total", "Cache operations"),
            ("process_cpu_seconds_total", "Process CPU"),
            ("process_open_fds", "Process open file descriptors"),
            ("grpc_calls_total", "gRPC calls"),
            ("level:jobs:sum", "Level jobs sum"),
            ("seconds", "Seconds"),
            ("shop_orders_total", "Orders"),
            ("shop_backend_orders", "Orders"),
            ("shop_total", "Shop"),
        ] {
            assert_eq!(of_metric(name, "shop-backend"), title, "{name}");
        }
    }

    #[test]
    fn titles_tell_metrics_apart() {
        let names = [
            "orders",
            "orders_total",
            "a_bytes",
            "a_seconds",
            "b:c",
            "b_c",
        ];
        let named: Vec<_> = names.map(|name| (name, of_metric(name, "shop"))).into();
        let titles = of(&named, &["A bytes"]);
        let titles: Vec<&str> = names.iter().map(|name| titles[name].as_str()).collect();
        assert_eq!(
            titles,
            [
                "Orders",
                "Orders total",
                "a_bytes",
                "A seconds",
                "b:c",
                "b_c"
            ]
        );
    }
}
