//! The answer to a scrape.

use super::accept;

/// A format of Prometheus. Samples have the same names, labels and values in each, and all are in both but for the sum and the
/// count of a histogram whose bounds or sum are negative, which OpenMetrics does not allow: there the last bucket is the count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The [text format](https://prometheus.io/docs/instrumenting/exposition_formats/), version 0.0.4, which everything
    /// reads. A counter whose name does not end in `_total` is untyped in it, and an info is a gauge.
    #[default]
    Text,
    /// [OpenMetrics](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md) 1.0, which tells
    /// units and infos too. In it a family is called without the suffix of its samples; where that would clash with another
    /// family, a counter is of unknown type, and an info a gauge.
    OpenMetrics,
}

impl Format {
    /// The format for the header `Accept` of a request: the one that is preferred, and else [`Text`](Self::Text).
    pub fn negotiate(accept: Option<&str>) -> Self {
        accept.map_or_else(Self::default, accept::format)
    }

    /// The header `Content-Type` of an answer in this format.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// The answer to a scrape, for any HTTP server. Its status is 200; caches need to know that it varies by `Accept` and
/// `Accept-Encoding`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exposition {
    /// The header `Content-Type`.
    pub content_type: &'static str,
    /// The header `Content-Encoding`, if there is to be one.
    pub content_encoding: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
}

impl Exposition {
    /// The answer for who sent this header `Accept-Encoding`.
    pub(crate) fn new(format: Format, body: Vec<u8>, accept_encoding: Option<&str>) -> Self {
        let gzip = gzip(&body, accept_encoding);
        Self {
            content_type: format.content_type(),
            content_encoding: gzip.is_some().then_some("gzip"),
            body: gzip.unwrap_or(body),
        }
    }
}

#[cfg(feature = "gzip")]
fn gzip(body: &[u8], accept_encoding: Option<&str>) -> Option<Vec<u8>> {
    let asked = accept_encoding.is_some_and(accept::gzip);
    asked.then(|| super::gzip::compress(body))?
}

#[cfg(not(feature = "gzip"))]
fn gzip(_: &[u8], _: Option<&str>) -> Option<Vec<u8>> {
    None
}
