//! `untested-alert`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::promql::{BinaryOp, MatchOp, Matcher, Query};
use crate::spec::document::LintLevel;

/// An alert of which nothing shows that it fires, and that it does not always: PromQL by hand without `tests:`.
pub(super) const LINT: Lint = Lint {
    name: "untested-alert",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let alerts = &model.monitoring.alerts;
    let job = &model.catalogue.own_job().name;
    let mut unproven = model
        .monitoring
        .proofs
        .iter()
        .filter(|proof| !proof.is_complete())
        .peekable();
    for alert in alerts {
        let Some(proof) = unproven.next_if(|proof| proof.alert == alert.name) else {
            continue;
        };
        while unproven
            .next_if(|proof| proof.alert == alert.name)
            .is_some()
        {}
        let missing = match &proof.situations {
            Err(reason) => reason.clone(),
            Ok(some) if some.iter().any(|situation| situation.fires) => {
                "nothing shows that it stays silent".to_owned()
            }
            Ok(_) => "nothing shows that it fires".to_owned(),
        };
        reporter.about(
            alert,
            alert.origin.key(),
            format!("the alert `{}` is not proven: {missing}", alert.name),
            match alert.rules.iter().any(|rule| asks_for_up(&rule.query, job)) {
                true => "`signal: up, equals: 0` instead of `expr:` says the same, and is proven",
                false => "give it `tests:`, with `fires_when:` and `silent_when:`",
            },
        );
    }
}

/// Whether it is `up == 0` of this job.
fn asks_for_up(query: &Query, job: &str) -> bool {
    let Query::Binary {
        operator: BinaryOp::Equal,
        left,
        right,
        ..
    } = query
    else {
        return false;
    };
    let (Query::Selector(selector), Query::Number(0.0)) = (&**left, &**right) else {
        return false;
    };
    let of_job = Matcher::new("job", MatchOp::Equal, job);
    selector.metric.as_deref() == Some("up") && selector.matchers == [of_job]
}
