//! `kubelet-certificate`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::Scheme;
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// The kubelet [asks without a certificate](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/): where the
/// service wants one, each probe fails, and the container is restarted for ever.
pub(super) const LINT: Lint = Lint {
    name: "kubelet-certificate",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let deployment = model.operated().and_then(|it| it.deployment.as_ref());
    // Nothing is asked where there is nothing to ask, which is reported.
    let deployment = deployment.filter(|_| model.catalogue.health.is_some());
    let job = model.catalogue.own_job();
    let (Some(deployment), Some(scrape)) = (deployment, &job.scrape) else {
        return;
    };
    let has_certificate = scrape
        .tls
        .as_ref()
        .is_some_and(|tls| tls.cert_file.is_some());
    if deployment.is_scraped && scrape.scheme == Scheme::Https && has_certificate {
        reporter.report_with(
            Place::root().child("kubernetes").child("deployment").key(),
            format!(
                "the kubelet asks port `{}` without a certificate",
                deployment.port
            ),
            "serve the health endpoints on a port that wants none, and name it with `port`",
            Some((
                job.origin.child("tls").child("cert_file").key(),
                "Prometheus needs one there",
            )),
        );
    }
}
