//! The label by which series of one environment are told from those of another in the same cluster.

use super::catalogue::Job;
use crate::promql::{MatchOp, Selector};

/// The label of targets and of alerts, as the
/// [operator calls it](https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Prometheus) where it
/// enforces one.
pub(crate) const NAMESPACE: &str = "namespace";

impl Job {
    /// What selectors of its series say beside the job, and records beside what they compute.
    pub(crate) fn namespace_label(&self) -> Option<(&'static str, &str)> {
        Some((NAMESPACE, self.namespace.as_deref()?))
    }

    /// The selector, of this namespace only.
    pub(crate) fn pin(&self, selector: Selector) -> Selector {
        match self.namespace_label() {
            Some((label, namespace)) => selector.with(label, MatchOp::Equal, namespace),
            None => selector,
        }
    }
}
