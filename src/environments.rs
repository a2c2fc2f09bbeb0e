//! A spec in each of its environments.

use crate::artifacts::Mark;
use crate::diagnostics::{self, Diagnostic, Findings};
use crate::model::{self, Model};
use crate::spec::Spec;

/// What the spec means in each of them, or once if it has none, and what was found.
pub(crate) fn resolve(
    read: &Spec,
    mark: &Mark,
    mut findings: Findings,
) -> (Vec<Model>, Vec<Diagnostic>) {
    if let Some(document) = read.document() {
        model::check_environments(document, &mut findings);
    }
    let is_read = !findings.has_errors();
    let mut models = Vec::new();
    let mut each = Vec::new();
    let environments = read.environments();
    if environments.is_empty() {
        models.extend(crate::resolve(read, mark.clone(), is_read, &mut findings));
    }
    for environment in environments {
        let mut findings = Findings::default();
        let spec = read.of(environment.clone(), &mut findings);
        models.extend(crate::resolve(&spec, mark.clone(), is_read, &mut findings));
        each.push((environment, findings.located(&spec)));
    }
    model::check_namespaces(&models, &mut findings);
    (models, diagnostics::joined(findings.located(read), each))
}

/// Where findings are that name their environment.
#[cfg(feature = "cli")]
pub(crate) fn located(
    read: &Spec,
    found: Vec<(Option<String>, diagnostics::Finding)>,
) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    let mut each: Vec<_> = read
        .environments()
        .into_iter()
        .map(|environment| (environment, Findings::default()))
        .collect();
    for (name, finding) in found {
        match each
            .iter_mut()
            .find(|(e, _)| Some(&e.name) == name.as_ref())
        {
            Some((_, findings)) => findings.push(finding),
            None => findings.push(finding),
        }
    }
    let each = each.into_iter().map(|(environment, found)| {
        let spec = read.of(environment.clone(), &mut Findings::default());
        (environment, found.located(&spec))
    });
    diagnostics::joined(findings.located(read), each.collect())
}
