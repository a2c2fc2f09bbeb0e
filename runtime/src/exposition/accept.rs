//! What a request's headers ask for, by [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-content-negotiation-fields).

use std::cmp::Reverse;

use super::Format;

/// An element of a header, for instance `text/plain;version=0.0.4;q=0.5`.
struct Element<'h> {
    /// What is accepted, for instance `text/plain`.
    what: &'h str,
    parameters: &'h str,
    /// How much, up to 1000; not at all at 0.
    quality: u16,
}

/// The elements of a header, without those that are not understood.
fn elements(header: &str) -> impl Iterator<Item = Element<'_>> {
    header.split(',').filter_map(|element| {
        let (what, parameters) = element.split_once(';').unwrap_or((element, ""));
        let quality = match parameter(parameters, "q") {
            Some(text) => quality(text)?,
            None => 1000,
        };
        Some(Element {
            what: what.trim(),
            parameters,
            quality,
        })
    })
}

fn parameter<'h>(parameters: &'h str, name: &str) -> Option<&'h str> {
    parameters.split(';').find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        key.trim().eq_ignore_ascii_case(name).then_some(value)
    })
}

/// A weight in thousandths: `0.5`, `1.000`.
fn quality(text: &str) -> Option<u16> {
    let weight: f32 = text.parse().ok()?;
    // The cast is exact: there are three decimals at most.
    (0.0..=1.0)
        .contains(&weight)
        .then(|| (weight * 1000.0).round() as u16)
}

/// The format that is preferred: by weight, then by place in the header. What is left open is text.
pub(super) fn format(accept: &str) -> Format {
    let wanted = |format| {
        // Of the ranges that cover a format the most specific one counts.
        let covering = elements(accept).enumerate().filter_map(|(place, range)| {
            Some((specificity(&range, format)?, Reverse(place), range.quality))
        });
        let (_, place, quality) = covering.max()?;
        (quality > 0).then_some((quality, place))
    };
    if wanted(Format::OpenMetrics) > wanted(Format::Text) {
        Format::OpenMetrics
    } else {
        Format::Text
    }
}

/// How closely a range describes a format, if it covers it. Of its parameters only the version matters: names are
/// letters, digits and underscores, which need no `escaping`.
fn specificity(range: &Element<'_>, format: Format) -> Option<u8> {
    let (kind, subtype, version) = match format {
        Format::Text => ("text", "plain", "0.0.4"),
        Format::OpenMetrics => ("application", "openmetrics-text", "1.0.0"),
    };
    let (range_kind, range_subtype) = range.what.split_once('/')?;
    if (range_kind, range_subtype) == ("*", "*") {
        return Some(0);
    }
    if !range_kind.eq_ignore_ascii_case(kind) {
        return None;
    }
    if range_subtype == "*" {
        return Some(1);
    }
    if !range_subtype.eq_ignore_ascii_case(subtype) {
        return None;
    }
    match parameter(range.parameters, "version") {
        None => Some(2),
        Some(asked) => (asked == version).then_some(3),
    }
}

/// Whether an answer should be compressed with gzip.
#[cfg(feature = "gzip")]
pub(super) fn gzip(accept_encoding: &str) -> bool {
    let quality = |names: &[&str]| {
        let mut all = elements(accept_encoding);
        let named = |name: &&str, coding: &Element<'_>| coding.what.eq_ignore_ascii_case(name);
        all.find(|coding| names.iter().any(|name| named(name, coding)))
            .map(|coding| coding.quality)
    };
    let gzip = quality(&["gzip", "x-gzip"]).or_else(|| quality(&["*"]));
    gzip.is_some_and(|gzip| gzip > 0 && gzip >= quality(&["identity"]).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_the_preferred_one() {
        let text = [
            "",
            ",;q=,/",
            "*/*",
            "*/*;q=0.1",
            "text/plain",
            "text/*, application/openmetrics-text;q=0.9",
            "text/plain;version=0.0.4",
            "text/plain; version=\"0.0.4\"; q=0.5, application/openmetrics-text; version=1.0.0; q=0.4",
            "TEXT/PLAIN;Q=0.5,application/openmetrics-text;q=0.4",
            "text/plain, application/openmetrics-text",
            // A browser.
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            // vmagent.
            "text/plain;version=0.0.4;q=1,*/*;q=0.1",
            // Prometheus 3 that was told to ask for `PrometheusText0.0.4` first.
            "text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.4",
            // Nothing that is on offer.
            "application/json",
            "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;version=2.0.0",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=0, */*;q=0.5",
            "application/openmetrics-text;version=1.0.0;q=0, application/openmetrics-text, text/plain;q=0.1",
            "application/openmetrics-text;q=2, text/plain;q=0.1",
            "application/openmetrics-text;q=NaN",
        ];
        for accept in text {
            assert_eq!(Format::negotiate(Some(accept)), Format::Text, "{accept}");
        }
        assert_eq!(Format::negotiate(None), Format::Text);
        let openmetrics = [
            "application/openmetrics-text",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            "Application/OpenMetrics-Text ; Version=\"1.0.0\"",
            "application/*",
            "application/openmetrics-text, */*",
            "application/openmetrics-text, text/plain",
            "application/openmetrics-text;q=0.001,*/*;q=0",
            // Prometheus 2.42.
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
             text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            // Prometheus 2.49 and newer.
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
             text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            // Prometheus 3.
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
             application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
             text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            // Prometheus 3 with native histograms.
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,\
             application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
             application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,\
             text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
        ];
        for accept in openmetrics {
            let format = Format::negotiate(Some(accept));
            assert_eq!(format, Format::OpenMetrics, "{accept}");
        }
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn who_asks_for_gzip_gets_it() {
        for encoding in [
            "gzip",
            "GZIP;q=0.5",
            "x-gzip",
            "deflate, gzip;q=1.0, *;q=0.5",
            "*",
            "identity;q=0.5, gzip",
            "br, zstd, gzip",
        ] {
            assert!(gzip(encoding), "{encoding}");
        }
        for encoding in [
            "",
            "identity",
            "gzip;q=0",
            "gzip;q=0, *",
            "*;q=0",
            "br",
            "gzip;q=0.5, identity",
            "gzip;q=x",
        ] {
            assert!(!gzip(encoding), "{encoding}");
        }
    }
}
