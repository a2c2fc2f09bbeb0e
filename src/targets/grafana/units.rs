//! Units in Grafana's words.

use crate::model::monitoring::PanelQuery;
use crate::model::unit::Base;

/// A unit's id in Grafana, and how many decimals it is shown with, where Grafana's own choice is not good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) id: String,
    pub(super) decimals: Option<u8>,
}

/// The unit of a query.
pub(super) fn of(query: &PanelQuery) -> Unit {
    let unit = &query.unit;
    let (id, decimals) = match (&unit.base, unit.per_second) {
        (Base::Number, false) => ("short", None),
        (Base::Number, true) => (throughput(query), None),
        (Base::Seconds, false) => ("s", None),
        // Seconds per second: how much of a second is spent.
        (Base::Seconds, true) => ("percentunit", Some(2)),
        (Base::Bytes, false) => ("bytes", Some(1)),
        (Base::Bytes, true) => ("Bps", Some(1)),
        (Base::Ratio, false) => ("percentunit", Some(2)),
        (Base::Percent, false) => ("percent", Some(2)),
        (Base::Ratio, true) => ("suffix:/s", None),
        (Base::Percent, true) => ("suffix:%/s", None),
        (Base::Other(word), per_second) => {
            let id = match (known(word), per_second) {
                (Some(id), false) => id.to_owned(),
                (_, false) => format!("suffix:{word}"),
                (_, true) => format!("suffix:{word}/s"),
            };
            return Unit { id, decimals: None };
        }
    };
    Unit {
        id: id.to_owned(),
        decimals,
    }
}

/// Grafana's word for things per second, after what is counted.
fn throughput(query: &PanelQuery) -> &'static str {
    let mut id = "cps";
    query.query.visit_selectors(&mut |selector| {
        let metric = selector.metric.as_deref().unwrap_or_default();
        if metric.contains("requests") {
            id = "reqps";
        } else if metric.contains("operations") && id == "cps" {
            id = "ops";
        }
    });
    id
}

/// Grafana's id of a base unit of Prometheus and of other units that are often met.
fn known(word: &str) -> Option<&'static str> {
    Some(match word {
        "celsius" => "celsius",
        "fahrenheit" => "fahrenheit",
        "kelvin" => "kelvin",
        "meters" => "lengthm",
        "volts" => "volt",
        "amperes" => "amp",
        "joules" => "joule",
        "grams" => "massg",
        "hertz" => "hertz",
        "watts" => "watt",
        "pascals" => "pressurepa",
        "bits" => "bits",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::promql::{Selector, Window};

    fn unit(metric: &str, word: &str) -> String {
        let query = PanelQuery {
            signal: metric.to_owned(),
            query: Selector::new(metric).rate(Window::RateInterval),
            legend: String::new(),
            unit: crate::model::Unit::named(word),
            interval: Duration::from_secs(10),
            min: None,
            max: None,
            thresholds: Vec::new(),
            bad_below: false,
        };
        of(&query).id
    }

    #[test]
    fn throughput_says_what_is_counted() {
        assert_eq!(unit("http_requests_total", "/s"), "reqps");
        assert_eq!(unit("cache_operations_total", "/s"), "ops");
        assert_eq!(unit("restarts_total", "/s"), "cps");
        assert_eq!(unit("http_requests_in_flight", ""), "short");
    }

    #[test]
    fn base_units_have_ids_and_others_are_suffixes() {
        assert_eq!(unit("a_bytes", "bytes"), "bytes");
        assert_eq!(unit("a_bytes", "bytes/s"), "Bps");
        assert_eq!(unit("a_celsius", "celsius"), "celsius");
        assert_eq!(unit("a_pascals", "pascals/s"), "suffix:pascals/s");
        assert_eq!(unit("a", "widgets"), "suffix:widgets");
    }
}
