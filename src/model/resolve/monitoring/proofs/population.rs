//! Series that give a signal a certain value.

use std::collections::BTreeSet;
use std::time::Duration;

use super::margins::rounded;
use super::{target, values};
use crate::model::catalogue::{Catalogue, Metric, MetricType, Series};
use crate::model::proof::{InputSeries, Line, Samples};
use crate::model::signal::{Selection, Shape, Signal};
use crate::promql::{MatchOp, Matcher, Selector};

/// Who exposes some series.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The job.
    pub(super) job: String,
    /// Labels of the identity that are not as elsewhere, and labels of groups.
    pub(super) other: BTreeSet<String>,
    /// A matcher that the series do not fit.
    pub(super) outside: Option<Matcher>,
}

/// What a signal is for some time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phase {
    /// Its value.
    pub(super) value: f64,
    /// What is asked at all, per second, where that matters.
    pub(super) traffic: f64,
    /// How many samples long.
    pub(super) samples: u32,
}

/// Makes series for one signal.
pub(super) struct Population<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) signal: &'a Signal,
    /// Labels by which the signal is grouped, beside the identity.
    pub(super) groups: &'a [String],
    /// The capacity that the value is a share of, and how large it is.
    pub(super) capacity: Option<(&'a Selection, f64)>,
    pub(super) step: Duration,
}

/// Instances of which a part changes a flag.
pub(super) const INSTANCES: u32 = 4;

/// How a series goes on.
enum Course {
    /// A value in each phase.
    Level(Vec<f64>),
    /// By how much it grows a second in each phase.
    Flow(Vec<f64>),
}

impl Population<'_> {
    /// The series, or why there are none.
    pub(super) fn series(
        &self,
        place: &Place,
        phases: &[Phase],
    ) -> Result<Vec<InputSeries>, String> {
        let values = |of: fn(&Phase) -> f64| phases.iter().map(of).collect::<Vec<f64>>();
        let value = || values(|phase| phase.value);
        let mut out = Vec::new();
        let mut add = |selector: Selector, course: Course| {
            out.push(InputSeries {
                series: selector,
                samples: Samples::Lines(self.lines(&course, phases)),
            });
        };
        match &self.signal.shape {
            Shape::Value { of, .. } => {
                if self.concerns(of, place) {
                    add(
                        self.of(of, of.named.series, place, &[])?,
                        Course::Level(value()),
                    );
                }
                if let Some((capacity, size)) = self.capacity {
                    let sizes = vec![size; phases.len()];
                    add(
                        self.of(capacity, Series::Plain, place, &[])?,
                        Course::Level(sizes),
                    );
                }
            }
            Shape::Rate { of } => {
                add(
                    self.of(of, of.named.series, place, &[])?,
                    Course::Flow(value()),
                );
            }
            Shape::Increase { of } => {
                let window = self.signal.window.as_secs_f64();
                let rates = phases.iter().map(|phase| phase.value / window).collect();
                add(
                    self.of(of, of.named.series, place, &[])?,
                    Course::Flow(rates),
                );
            }
            Shape::Ratio { part, whole } => {
                for (selector, course) in self.ratio(part, whole, place, phases)? {
                    add(selector, course);
                }
            }
            Shape::Quantile { quantile, .. } if *quantile <= 0.0 || *quantile >= 1.0 => {
                return Err("it is a bound of a bucket, whatever was observed".to_owned());
            }
            Shape::Quantile { quantile, of } => {
                let metric = self.metric(of);
                let bounds = bounds(metric, phases);
                let spread: Vec<Vec<f64>> = phases
                    .iter()
                    .map(|phase| {
                        let shares = spread(&bounds, *quantile, phase.value)?;
                        Some(
                            shares
                                .into_iter()
                                .map(|share| share * phase.traffic)
                                .collect(),
                        )
                    })
                    .collect::<Option<_>>()
                    .ok_or("the first bucket is too wide for such a small value")?;
                let bucket = self.of(of, Series::Bucket, place, &[])?;
                for (i, bound) in bounds.iter().enumerate() {
                    let rates = spread.iter().map(|shares| shares[i]).collect();
                    add(
                        bucket
                            .clone()
                            .with("le", MatchOp::Equal, bound_text(*bound)),
                        Course::Flow(rates),
                    );
                }
                let all = || Course::Flow(values(|phase| phase.traffic));
                add(bucket.with("le", MatchOp::Equal, "+Inf"), all());
                add(self.of(of, Series::Count, place, &[])?, all());
            }
            Shape::Average { of } => {
                let total = phases
                    .iter()
                    .map(|phase| phase.value * phase.traffic)
                    .collect();
                add(self.of(of, Series::Sum, place, &[])?, Course::Flow(total));
                add(
                    self.of(of, Series::Count, place, &[])?,
                    Course::Flow(values(|phase| phase.traffic)),
                );
            }
            Shape::Change { of } => return self.changes(of, place, phases),
            Shape::Expression { query, .. } if self.signal.is_up() => {
                let crate::promql::Query::Selector(up) = query else {
                    return Err(BY_HAND.to_owned());
                };
                let mut selector = Selector::new(up.metric.clone().unwrap_or_default());
                selector.matchers = self.target(place);
                add(selector, Course::Level(value()));
            }
            Shape::Buckets { .. } | Shape::Expression { .. } => return Err(BY_HAND.to_owned()),
        }
        Ok(out)
    }

    /// The matchers of the signal, outside of each of which there may be series.
    pub(super) fn matchers(&self) -> Vec<Matcher> {
        match &self.signal.shape {
            Shape::Ratio { part, whole } if part.named == whole.named => whole.matchers.clone(),
            Shape::Ratio { part, whole } => {
                let mut all = part.matchers.clone();
                all.extend(
                    whole
                        .matchers
                        .iter()
                        .filter(|m| !part.matchers.contains(m))
                        .cloned(),
                );
                all
            }
            _ => self
                .signal
                .selection()
                .map(|of| of.matchers.clone())
                .unwrap_or_default(),
        }
    }

    /// The labels of the series that the signal reads here.
    pub(super) fn labels(&self, place: &Place) -> Result<Vec<(String, String)>, String> {
        let selector = match self.signal.selection() {
            Some(of) => self.of(of, of.named.series, place, &[])?.matchers,
            None => self.target(place),
        };
        Ok(selector.into_iter().map(|m| (m.label, m.value)).collect())
    }

    fn metric(&self, of: &Selection) -> &Metric {
        &self.catalogue.metrics[of.named.metric]
    }

    /// Whether series of a selection are asked for: where one is outside of a matcher, only those that have the matcher.
    fn concerns(&self, of: &Selection, place: &Place) -> bool {
        place
            .outside
            .as_ref()
            .is_none_or(|matcher| of.matchers.contains(matcher))
    }

    fn ratio(
        &self,
        part: &Selection,
        whole: &Selection,
        place: &Place,
        phases: &[Phase],
    ) -> Result<Vec<(Selector, Course)>, String> {
        let flow = |of: &Selection, rates: Vec<f64>| match of.named.series {
            Series::Plain if self.metric(of).kind == MetricType::Gauge => Course::Level(rates),
            _ => Course::Flow(rates),
        };
        let rates = |share: &dyn Fn(f64) -> f64| -> Vec<f64> {
            phases
                .iter()
                .map(|phase| share(phase.value) * phase.traffic)
                .collect()
        };
        let series = part.named.series;
        let mut out = Vec::new();
        if self.concerns(part, place) {
            out.push((
                self.of(part, series, place, &[])?,
                flow(part, rates(&|v| v)),
            ));
        }
        if part.named != whole.named {
            if self.concerns(whole, place) {
                let selector = self.of(whole, whole.named.series, place, &[])?;
                out.push((selector, flow(whole, rates(&|_| 1.0))));
            }
            return Ok(out);
        }
        // What belongs to the whole and not to the part, for each of the matchers that tell them apart.
        let extra = part.matchers.iter().filter(|m| !whole.matchers.contains(m));
        let rest: Vec<Selector> = extra
            .filter_map(|matcher| self.of(part, series, place, &[matcher]).ok())
            .collect();
        if rest.is_empty() {
            return Err("nothing of the whole is outside of the part".to_owned());
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of matchers")]
        let many = rest.len() as f64;
        out.extend(
            rest.into_iter()
                .map(|selector| (selector, flow(part, rates(&|v| (1.0 - v) / many)))),
        );
        Ok(out)
    }

    /// Instances of which a part goes from 0 to 1 after the first phase, whose value does not count.
    fn changes(
        &self,
        of: &Selection,
        place: &Place,
        phases: &[Phase],
    ) -> Result<Vec<InputSeries>, String> {
        let selector = self.of(of, of.named.series, place, &[])?;
        let changed = phases.last().map_or(0.0, |phase| phase.value) * f64::from(INSTANCES);
        (0..INSTANCES)
            .map(|index| {
                let mut selector = selector.clone();
                for matcher in &mut selector.matchers {
                    if matcher.label == "instance" {
                        matcher.value = format!("{}{}", matcher.value, index + 1);
                    }
                }
                let after = if f64::from(index) < changed { 1.0 } else { 0.0 };
                let levels = (0..phases.len()).map(|phase| if phase == 0 { 0.0 } else { after });
                Ok(InputSeries {
                    series: selector,
                    samples: Samples::Lines(self.lines(&Course::Level(levels.collect()), phases)),
                })
            })
            .collect()
    }

    /// The labels that series have from their target.
    fn target(&self, place: &Place) -> Vec<Matcher> {
        let mut labels = target(self.catalogue, self.signal.job);
        for matcher in &mut labels {
            if matcher.label == "job" {
                matcher.value.clone_from(&place.job);
            } else if place.other.contains(&matcher.label) {
                "other".clone_into(&mut matcher.value);
            }
        }
        labels
    }

    /// A series that fits a selection, but for what is against it.
    fn of(
        &self,
        selection: &Selection,
        series: Series,
        place: &Place,
        against: &[&Matcher],
    ) -> Result<Selector, String> {
        let metric = self.metric(selection);
        let mut selector = Selector::new(format!("{}{}", metric.name, series.suffix()));
        selector.matchers = self.target(place);
        let mut names: Vec<&str> = metric
            .labels
            .known()
            .iter()
            .map(|l| l.name.as_str())
            .collect();
        let further = selection.matchers.iter().map(|m| m.label.as_str());
        let further = further.chain(self.groups.iter().map(String::as_str));
        for name in further {
            // Of exporters' metrics not all labels are known; every series has its target's.
            let target = selector.matchers.iter().any(|m| m.label == name);
            if !names.contains(&name)
                && (!target || selection.matchers.iter().any(|m| m.label == name))
            {
                names.push(name);
            }
        }
        for name in names {
            let label = metric.labels.known().iter().find(|l| l.name == name);
            let on: Vec<&Matcher> = selection
                .matchers
                .iter()
                .filter(|m| m.label == name)
                .collect();
            let outside = place.outside.iter().filter(|m| on.contains(m));
            let not: Vec<&Matcher> = against
                .iter()
                .copied()
                .filter(|m| m.label == name)
                .chain(outside)
                .collect();
            let index = usize::from(place.other.contains(name));
            let value = values::value(label.map(|l| l.as_ref()), &on, &not, index)
                .ok_or_else(|| format!("no value of `{name}` is what is asked for"))?;
            selector.matchers.retain(|m| m.label != name);
            selector
                .matchers
                .push(Matcher::new(name, MatchOp::Equal, value));
        }
        Ok(selector)
    }

    fn lines(&self, course: &Course, phases: &[Phase]) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut last = 0.0;
        match course {
            Course::Level(levels) => {
                for (level, phase) in levels.iter().zip(phases) {
                    lines.push(Line {
                        start: rounded(*level),
                        slope: 0.0,
                        samples: phase.samples,
                    });
                }
            }
            Course::Flow(rates) => {
                for (rate, phase) in rates.iter().zip(phases) {
                    let slope = rounded(rate * self.step.as_secs_f64());
                    let start = if lines.is_empty() {
                        0.0
                    } else {
                        after(last, slope)
                    };
                    lines.push(Line {
                        start,
                        slope,
                        samples: phase.samples,
                    });
                    // As promtool adds up.
                    last = (1..phase.samples).fold(start, |value, _| value + slope);
                }
            }
        }
        lines
    }
}

/// The next sample of a counter, without the noise of binary fractions. It is never less than the last one: that would be a restart.
fn after(last: f64, slope: f64) -> f64 {
    let next = last + slope;
    let short = format!("{next:.14e}").parse().unwrap_or(next);
    if short < last { next } else { short }
}

/// Why there is nothing to play where somebody wrote PromQL.
pub(super) const BY_HAND: &str = "what PromQL by hand means is not known";

/// The bounds of a histogram; of one whose bounds are not known, some around the values.
fn bounds(metric: &Metric, phases: &[Phase]) -> Vec<f64> {
    if !metric.buckets.is_empty() {
        return metric.buckets.clone();
    }
    let mut bounds: Vec<f64> = phases
        .iter()
        .flat_map(|phase| [rounded(phase.value / 2.0), rounded(phase.value * 2.0)])
        .collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds
}

/// Which share of the observations is at or below each bound, so that a quantile has a value. Between bounds
/// [`histogram_quantile` interpolates](https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile).
///
/// Nothing if the value is so small that even with everything in the first bucket the quantile would be larger.
fn spread(bounds: &[f64], quantile: f64, value: f64) -> Option<Vec<f64>> {
    let upper = bounds
        .iter()
        .position(|bound| value <= *bound)
        .unwrap_or(bounds.len());
    let high = bounds.get(upper).copied().unwrap_or(value);
    let low = match upper.checked_sub(1) {
        Some(below) => bounds[below],
        None => high.min(0.0),
    };
    let within = if high > low {
        (value - low) / (high - low)
    } else {
        1.0
    };
    if upper == 0 && within < quantile {
        return None;
    }
    // How many are below the bucket of the value, and how many are up to its end.
    let (below, up_to) = if within <= quantile && within < 1.0 {
        ((quantile - within) / (1.0 - within), 1.0)
    } else {
        (0.0, (quantile / within).min(1.0))
    };
    let share = |i: usize| if i < upper { below } else { up_to };
    Some((0..bounds.len()).map(share).collect())
}

/// A bound as [OpenMetrics writes it](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#considerations-canonical-numbers).
fn bound_text(bound: f64) -> String {
    if bound.fract() == 0.0 {
        format!("{bound:.1}")
    } else {
        bound.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::spread;

    /// What Prometheus makes of cumulative shares.
    fn quantile_of(bounds: &[f64], shares: &[f64], quantile: f64) -> f64 {
        let i = shares
            .iter()
            .position(|share| *share >= quantile)
            .expect("a bucket");
        let (low, below) = if i == 0 {
            (0.0, 0.0)
        } else {
            (bounds[i - 1], shares[i - 1])
        };
        low + (bounds[i] - low) * (quantile - below) / (shares[i] - below)
    }

    #[test]
    fn a_quantile_has_the_value_that_was_asked_for() {
        let bounds = [0.1, 0.25, 0.5, 1.0, 2.5];
        for quantile in [0.5, 0.95, 0.99] {
            for value in [
                0.01, 0.1, 0.102, 0.24, 0.25, 0.255, 0.51, 0.98, 1.02, 2.4, 2.5,
            ] {
                let Some(shares) = spread(&bounds, quantile, value) else {
                    assert!(value < quantile * bounds[0], "p{quantile} of {value}");
                    continue;
                };
                let found = quantile_of(&bounds, &shares, quantile);
                assert!(
                    (found - value).abs() < 1e-9,
                    "p{quantile} of {value}: {found} {shares:?}"
                );
            }
        }
    }
}
