//! Findings of several environments of one spec.

use std::collections::HashMap;

use super::Diagnostic;
use crate::spec::Environment;

/// What was found in the spec, and then in its environments: once what is in all of them, and with their names what is in some
/// and does not tell by its place, inside an override, in which.
pub(crate) fn joined(
    mut spec: Vec<Diagnostic>,
    each: Vec<(Environment, Vec<Diagnostic>)>,
) -> Vec<Diagnostic> {
    let count = each.len();
    // A finding, and the environments that it is in; none if it is one of the spec.
    let mut found: Vec<(Diagnostic, Vec<Environment>)> = Vec::new();
    let mut index: HashMap<_, Option<usize>> = spec
        .iter()
        .map(|finding| (finding.identity(), None))
        .collect();
    for (environment, findings) in each {
        for finding in findings {
            match index.get(&finding.identity()) {
                Some(None) => {}
                Some(Some(i)) => {
                    let (_, environments) = &mut found[*i];
                    // The same text, seen from several items, is one finding.
                    if environments
                        .last()
                        .is_none_or(|e| e.name != environment.name)
                    {
                        environments.push(environment.clone());
                    }
                }
                None => {
                    index.insert(finding.identity(), Some(found.len()));
                    found.push((finding, vec![environment.clone()]));
                }
            }
        }
    }
    // What one environment does not use is not unused, unless it is written there.
    found.retain(|(finding, environments)| {
        let of_use = finding.code.starts_with("unused-") || finding.code == "idle-route";
        let is_there = || environments.iter().any(|e| e.wrote(&finding.location));
        environments.len() == count || !of_use || is_there()
    });
    spec.extend(found.into_iter().map(|(mut finding, environments)| {
        let told = environments.iter().any(|e| e.wrote(&finding.location));
        if environments.len() < count && !told {
            let names: Vec<String> = environments
                .iter()
                .map(|e| format!("`{}`", e.name))
                .collect();
            finding
                .message
                .push_str(&format!(" (in {})", names.join(", ")));
        }
        finding
    }));
    spec
}
