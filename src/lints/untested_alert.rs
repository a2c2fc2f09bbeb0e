//! `untested-alert`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// An alert of which nothing shows that it fires, and that it does not always: PromQL by hand without `tests:`.
pub(super) const LINT: Lint = Lint {
    name: "untested-alert",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let alerts = &model.monitoring.alerts;
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
            "give it `tests:`, with `fires_when:` and `silent_when:`",
        );
    }
}
