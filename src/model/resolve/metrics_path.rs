//! Where the service answers: all of a scrape that the code knows.

use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::METRICS_PATH;
#[cfg(not(feature = "monitoring"))]
use crate::model::catalogue::{INTERVAL, Job, Scrape, Service};
use crate::spec::Place;
#[cfg(not(feature = "monitoring"))]
use crate::spec::document::Document;

/// The path of a job that is declared at this place.
pub(super) fn resolve(written: Option<&String>, job: &Place, findings: &mut Findings) -> String {
    let path = written.map_or(METRICS_PATH, String::as_str);
    if !path.starts_with('/') {
        findings.push(Finding::error(
            "bad-value",
            job.child("path"),
            "a path begins with `/`",
        ));
    }
    path.to_owned()
}

/// The service's own job. Who finds it, and how, is not known without the feature `monitoring`.
#[cfg(not(feature = "monitoring"))]
pub(super) fn job(document: &Document, service: &Service, findings: &mut Findings) -> Job {
    let at = Place::root().child("scrape");
    let scrape = document.scrape.as_ref().and_then(|scrape| scrape.sound());
    Job {
        name: service.name.clone(),
        interval: INTERVAL,
        scrape: Some(Scrape {
            path: resolve(scrape.and_then(|s| s.path.as_ref()), &at, findings),
            ..Scrape::by_operator()
        }),
        namespace: None,
        origin: at,
    }
}
