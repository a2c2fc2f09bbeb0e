//! `missing-namespace`

use crate::lints::{Check, Lint, Reporter};
use crate::model::namespace::NAMESPACE;
use crate::model::typing::Typed;
use crate::promql::{MatchOp, Query};
use crate::spec::document::LintLevel;

/// The operator does the same for everybody where
/// [`enforcedNamespaceLabel`](https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Prometheus) is set.
pub(super) const LINT: Lint = Lint {
    name: "missing-namespace",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let (Query::Selector(selector) | Query::Range { selector, .. }) = node.query else {
            continue;
        };
        if selector.matchers_of(NAMESPACE).next().is_some() {
            continue;
        }
        // One that names none gets job and namespace, or is told by `raw-without-job`.
        let Some(named) = selector.matchers_of("job").next() else {
            continue;
        };
        let help = match named.operator {
            MatchOp::Equal if !typed.written.raw => continue, // it is added
            MatchOp::Equal => "without `raw: true` it gets the namespace beside the job",
            _ => "beside a job that is named, `job=\"…\"`, the namespace is added",
        };
        let mut of_one = typed
            .catalogue
            .jobs
            .iter()
            .filter(|job| job.namespace.is_some());
        if of_one.any(|job| named.takes(&job.name)) {
            reporter.about(
                typed.written,
                typed.subject(node),
                "this reads jobs of that name in every namespace".to_owned(),
                help,
            );
        }
    }
}
