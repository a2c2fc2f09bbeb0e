//! `untested-alert`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::Job;
use crate::promql::{BinaryOp, MatchOp, Matcher, Query, Selector};
use crate::spec::document::LintLevel;

/// An alert of which nothing shows that it fires, and that it does not always: PromQL by hand without `tests:`.
pub(super) const LINT: Lint = Lint {
    name: "untested-alert",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let alerts = &model.monitoring.alerts;
    let jobs = &model.catalogue.jobs;
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
        let asked = |job: &&Job| alert.rules.iter().any(|rule| asks_for_up(&rule.query, job));
        let help = match jobs.iter().position(|job| asked(&job)) {
            Some(0) => {
                "`signal: up, equals: 0` instead of `expr:` says the same, and is proven".to_owned()
            }
            Some(index) => format!(
                "`signal: up({}), equals: 0` instead of `expr:` says the same, and is proven",
                jobs[index].name
            ),
            None => "give it `tests:`, with `fires_when:` and `silent_when:`".to_owned(),
        };
        reporter.about(
            alert,
            alert.origin.key(),
            format!("the alert `{}` is not proven: {missing}", alert.name),
            &help,
        );
    }
}

/// Whether it is `up == 0` of this job, in one of its forms.
fn asks_for_up(query: &Query, job: &Job) -> bool {
    let Query::Binary {
        operator,
        return_bool: false,
        left,
        right,
        ..
    } = query
    else {
        return false;
    };
    let (Query::Selector(selector), Query::Number(number)) = (&**left, &**right) else {
        return false;
    };
    let is_down = match operator {
        BinaryOp::Equal => *number == 0.0,
        BinaryOp::NotEqual | BinaryOp::Less => *number == 1.0,
        _ => false,
    };
    let of_job = job.pin(Selector::new("up").with("job", MatchOp::Equal, &job.name));
    let is_pinned = |wanted: &[Matcher]| wanted.iter().all(|it| selector.matchers.contains(it));
    is_down
        && selector.metric == of_job.metric
        && selector.matchers.len() == of_job.matchers.len()
        && is_pinned(&of_job.matchers)
        && selector.offset.is_none()
        && selector.at.is_none()
}
