//! The label by which the Prometheus operator [hands on alerts](https://prometheus-operator.dev/docs/developer/alerting/): an
//! AlertmanagerConfig gets those of its own namespace.

use crate::model::catalogue::Catalogue;
use crate::model::namespace::NAMESPACE;
use crate::promql::{Labels, MatchOp, Query, Selector, output_labels};

/// The label that an alert needs from its rule: that of the service, unless each of its series has its own.
pub(super) fn of_rule<'c>(query: &Query, catalogue: &'c Catalogue) -> Option<&'c str> {
    let namespace = catalogue.service.namespace.as_deref()?;
    (!is_kept(query, catalogue)).then_some(namespace)
}

/// Whether every alert of a rule has the namespace of a target that belongs to the service.
pub(in crate::model::resolve) fn is_kept(query: &Query, catalogue: &Catalogue) -> bool {
    catalogue.service.keeps(NAMESPACE)
        && output_labels(query, &|selector| of_selector(selector, catalogue)).may_have(NAMESPACE)
}

/// The label, if the series of a selector have it. Whoever else scrapes an exporter gives it another one, or none.
fn of_selector(selector: &Selector, catalogue: &Catalogue) -> Labels {
    let mut jobs = selector.matchers_of("job");
    let named = jobs.find(|matcher| matcher.operator == MatchOp::Equal);
    let is_ours = named.is_none_or(|named| {
        let mut jobs = catalogue.jobs.iter().enumerate();
        let job = jobs.find(|(_, job)| job.name == named.value);
        job.is_some_and(|(index, job)| index == 0 || job.namespace == catalogue.service.namespace)
    });
    Labels::known(is_ours.then_some(NAMESPACE))
}
