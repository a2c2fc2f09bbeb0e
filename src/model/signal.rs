//! Signals: typed questions, and the queries that ask them.

use std::time::Duration;

use crate::model::catalogue::{Catalogue, Job, MetricType, Named, Series, Source};
use crate::model::{Unit, unit};
use crate::promql::{AggregateOp, MatchOp, Matcher, Query, Selector, Window};
use crate::spec::Place;

/// A named, typed question.
#[derive(Clone, Debug)]
pub struct Signal {
    /// Its name.
    pub name: String,
    /// What it tells, in a sentence.
    pub help: String,
    /// What its numbers measure.
    pub unit: Unit,
    /// How far back it looks in rules.
    pub window: Duration,
    /// Labels that are kept beside the identity.
    pub by: Vec<String>,
    /// How it is computed.
    pub shape: Shape,
    /// The index of the job that exposes its metrics.
    pub job: usize,
    /// Whether a recording rule computes it.
    pub record: bool,
    /// Where it is declared, or the section that brings it.
    pub origin: Place,
}

/// How a signal is computed.
#[derive(Clone, Debug)]
pub enum Shape {
    /// The value of a gauge; each series unless aggregated.
    Value {
        /// Of what.
        of: Selection,
        /// How several series become one.
        aggregation: Option<AggregateOp>,
    },
    /// How fast a counter grows, per second.
    Rate {
        /// Of what.
        of: Selection,
    },
    /// By how much a counter grew within the window.
    Increase {
        /// Of what.
        of: Selection,
    },
    /// A part of a whole.
    Ratio {
        /// What is counted.
        part: Selection,
        /// Out of what.
        whole: Selection,
    },
    /// A quantile of a histogram.
    Quantile {
        /// Between 0 and 1.
        quantile: f64,
        /// Of what.
        of: Selection,
    },
    /// The mean of a histogram's observations.
    Average {
        /// Of what.
        of: Selection,
    },
    /// How many observations of a histogram fell into each bucket.
    Buckets {
        /// Of what.
        of: Selection,
    },
    /// By how much the share of ones changed within the window.
    Change {
        /// A gauge of ones and zeros.
        of: Selection,
    },
    /// PromQL by hand.
    Expression {
        /// As it was written, without a job.
        query: Query,
        /// Leave its selectors as they are.
        raw: bool,
    },
}

/// Some series of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Which metric, and which of its series.
    pub named: Named,
    /// The matchers that were written.
    pub matchers: Vec<Matcher>,
}

/// Who asks, and how exactly.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What exists.
    pub catalogue: &'a Catalogue,
    /// Who asks.
    pub by: Audience<'a>,
    /// How far back, where it differs from the signal's own window.
    pub window: Option<Duration>,
    /// Labels that are kept beside the identity and the signal's own.
    pub labels: &'a [String],
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub enum Audience<'a> {
    /// A rule: one job, a fixed window.
    Rule,
    /// A dashboard: what its variables say, and a window that follows the zoom.
    Dashboard {
        /// Labels to choose values of.
        variables: &'a [String],
    },
}

impl Signal {
    /// The query that asks for it.
    pub fn query(&self, asked: &Asked<'_>) -> Query {
        let labels = self.labels(asked);
        let fixed = asked.window.unwrap_or(self.window);
        let window = self.window_of(asked);
        let sum = |query: Query| Query::sum_by(labels.clone(), query);
        match &self.shape {
            Shape::Value { of, aggregation } => {
                let value = of.each(asked, of.series(), Selector::into);
                match (aggregation, self.by.is_empty() && asked.labels.is_empty()) {
                    (Some(aggregation), _) => Query::aggregate(*aggregation, labels, value),
                    (None, true) => value,
                    (None, false) => sum(value),
                }
            }
            Shape::Rate { of } => sum(of.rate(asked, of.series(), window)),
            // It would change with the zoom: the window stays.
            Shape::Increase { of } => {
                sum(of.each(asked, of.series(), |s| s.increase(Window::Duration(fixed))))
            }
            Shape::Ratio { part, whole } => {
                let (part, whole) = self.part_and_whole(part, whole, asked);
                match asked.by {
                    Audience::Rule => part.divide(whole),
                    // A share of nothing is no number; a panel would list it all the same.
                    Audience::Dashboard { .. } => part.divide(whole.greater(Query::number(0.0))),
                }
            }
            Shape::Quantile { quantile, of } => {
                let mut with_bound = labels.clone();
                with_bound.push("le".to_owned());
                let buckets = Query::sum_by(with_bound, of.rate(asked, Series::Bucket, window));
                Query::call("histogram_quantile", [Query::number(*quantile), buckets])
            }
            Shape::Average { of } => {
                let total = |series| sum(of.rate(asked, series, window));
                total(Series::Sum).divide(total(Series::Count))
            }
            // Identity would give a bucket several series, and a heatmap has one place for it.
            Shape::Buckets { of } => Query::sum_by(
                ["le"],
                of.each(asked, Series::Bucket, |s| s.increase(window)),
            ),
            Shape::Change { of } => {
                let share = |back: Option<Duration>| {
                    let each = |selector: Selector| match back {
                        Some(back) => selector.offset(back).into(),
                        None => Query::from(selector),
                    };
                    let ones = of.each(asked, Series::Plain, each);
                    Query::sum_by(labels.clone(), ones.clone()).divide(Query::aggregate(
                        AggregateOp::Count,
                        labels.clone(),
                        ones,
                    ))
                };
                Query::call("abs", [share(None).minus(share(Some(fixed)))])
            }
            Shape::Expression { query, raw } => {
                let mut query = query.clone();
                if !raw {
                    bind_job(&mut query, asked);
                }
                if let Audience::Rule = asked.by {
                    // In a rule, Grafana's window is the signal's.
                    query.visit_windows(&mut |window| {
                        if *window == Window::RateInterval {
                            *window = Window::Duration(fixed);
                        }
                    });
                }
                query
            }
        }
    }

    /// A share that is absent where there is nothing to have a share of: the NaN of 0/0 would stay in every average over it.
    /// Only a ratio is one.
    pub fn share(&self, asked: &Asked<'_>) -> Option<Query> {
        let Shape::Ratio { part, whole } = &self.shape else {
            return None;
        };
        let (part, whole) = self.part_and_whole(part, whole, asked);
        Some(part.divide(whole.greater(Query::number(0.0))))
    }

    fn part_and_whole(
        &self,
        part: &Selection,
        whole: &Selection,
        asked: &Asked<'_>,
    ) -> (Query, Query) {
        let window = self.window_of(asked);
        let flow = |of: &Selection| {
            let each = match of.kind(asked.catalogue) {
                MetricType::Gauge => of.each(asked, of.series(), Selector::into),
                _ => of.rate(asked, of.series(), window),
            };
            Query::sum_by(self.labels(asked), each)
        };
        let (part_flow, whole_flow) = (flow(part), flow(whole));
        // A part that has no series yet is none of the whole. An exporter that stopped sending it is another matter.
        let own = part.source(asked.catalogue) != Source::Exporter;
        let part_flow = if own {
            part_flow.or(Query::number(0.0).times(whole_flow.clone()))
        } else {
            part_flow
        };
        (part_flow, whole_flow)
    }

    /// What it needs of Grafana and a rule cannot have: the length of what a dashboard shows.
    pub fn only_on_dashboards(&self) -> Option<Window> {
        let Shape::Expression { query, .. } = &self.shape else {
            return None;
        };
        let mut variables = query.variables().into_iter();
        variables.find(|variable| *variable != Window::RateInterval)
    }

    fn window_of(&self, asked: &Asked<'_>) -> Window {
        match asked.by {
            Audience::Rule => Window::Duration(asked.window.unwrap_or(self.window)),
            Audience::Dashboard { .. } => Window::RateInterval,
        }
    }

    /// What is asked at all, per second: the denominator of a ratio, the observations of a histogram.
    pub fn traffic(&self, asked: &Asked<'_>) -> Option<Query> {
        let window = Window::Duration(asked.window.unwrap_or(self.window));
        let (of, series) = self.traffic_of(asked.catalogue)?;
        Some(Query::sum_by(
            self.labels(asked),
            of.rate(asked, series, window),
        ))
    }

    /// The unit of [`Signal::traffic`].
    pub fn traffic_unit(&self, catalogue: &Catalogue) -> Option<Unit> {
        let (of, series) = self.traffic_of(catalogue)?;
        Some(match series {
            Series::Count => Unit::NUMBER.rate(),
            _ => catalogue.metrics[of.named.metric].unit.rate(),
        })
    }

    /// What [`Signal::traffic`] counts.
    pub fn traffic_of(&self, catalogue: &Catalogue) -> Option<(&Selection, Series)> {
        match &self.shape {
            Shape::Ratio { whole, .. } if whole.kind(catalogue) != MetricType::Gauge => {
                Some((whole, whole.series()))
            }
            Shape::Quantile { of, .. } | Shape::Average { of } => Some((of, Series::Count)),
            _ => None,
        }
    }

    /// The labels that the answer is grouped by: identity, the signal's own, and those asked for.
    pub fn labels(&self, asked: &Asked<'_>) -> Vec<String> {
        let mut labels = asked.catalogue.service.identity.clone();
        for label in self.by.iter().chain(asked.labels) {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        labels
    }

    /// Whether this is what Prometheus says of a target.
    pub fn is_up(&self) -> bool {
        let Shape::Expression {
            query: Query::Selector(selector),
            ..
        } = &self.shape
        else {
            return false;
        };
        selector.metric.as_deref() == Some("up")
            && (self.name == "up" || self.name.starts_with("up("))
    }

    /// Whether each series of the metric is answered alone, with all its labels.
    pub fn keeps_series(&self) -> bool {
        matches!(
            &self.shape,
            Shape::Value {
                aggregation: None,
                ..
            }
        ) && self.by.is_empty()
    }

    /// The metric that it reads, if there is just one.
    pub fn selection(&self) -> Option<&Selection> {
        match &self.shape {
            Shape::Value { of, .. }
            | Shape::Rate { of }
            | Shape::Increase { of }
            | Shape::Quantile { of, .. }
            | Shape::Average { of }
            | Shape::Buckets { of }
            | Shape::Change { of } => Some(of),
            Shape::Ratio { whole, .. } => Some(whole),
            Shape::Expression { .. } => None,
        }
    }

    /// Whether its numbers are shares of 1.
    pub fn is_ratio(&self) -> bool {
        self.unit.base == unit::Base::Ratio && !self.unit.per_second
    }
}

impl Selection {
    /// Whether these are all series of a metric.
    pub fn is_all(&self, metric: usize) -> bool {
        self.named.metric == metric && self.matchers.is_empty()
    }

    /// What is counted, for those who add it up.
    pub fn kind(&self, catalogue: &Catalogue) -> MetricType {
        match self.named.series {
            Series::Plain | Series::Family => catalogue.metrics[self.named.metric].kind,
            Series::Bucket | Series::Sum | Series::Count => MetricType::Counter,
        }
    }

    fn source(&self, catalogue: &Catalogue) -> Source {
        catalogue.metrics[self.named.metric].source
    }

    fn series(&self) -> Series {
        self.named.series
    }

    /// How fast each of these series grows, per second.
    pub fn rate(&self, asked: &Asked<'_>, series: Series, window: Window) -> Query {
        self.each(asked, series, |selector| selector.rate(window))
    }

    /// A query over these series. A renamed metric is read under either name: where one instance has both, the new one.
    fn each(&self, asked: &Asked<'_>, series: Series, query: impl Fn(Selector) -> Query) -> Query {
        let metric = &asked.catalogue.metrics[self.named.metric];
        let named = |name: &str| {
            let mut selector = Selector::new(format!("{name}{}", series.suffix()));
            selector.matchers.clone_from(&self.matchers);
            bind_selector(&mut selector, metric.job, asked);
            query(selector)
        };
        let current = named(&metric.name);
        match &metric.renamed_from {
            Some(former) => current.or(named(former)),
            None => current,
        }
    }
}

/// Adds the job, its namespace (and what a dashboard's variables say) to every selector that has none.
fn bind_job(query: &mut Query, asked: &Asked<'_>) {
    query.visit_selectors_mut(&mut |selector| {
        let named = selector
            .metric
            .as_deref()
            .map_or(&[][..], |name| asked.catalogue.named(name));
        let job = named
            .first()
            .map_or(0, |named| asked.catalogue.metrics[named.metric].job);
        bind_selector(selector, job, asked);
    });
}

fn bind_selector(selector: &mut Selector, job: usize, asked: &Asked<'_>) {
    let has = |selector: &Selector, label: &str| selector.matchers_of(label).next().is_some();
    let mut bound = Vec::new();
    let jobs = &asked.catalogue.jobs;
    let written = selector.matchers.iter().position(|m| m.label == "job");
    let read = match written.map(|at| &selector.matchers[at]) {
        None => Some(&jobs[job]),
        Some(matcher) if matcher.operator == MatchOp::Equal => {
            jobs.iter().find(|job| job.name == matcher.value)
        }
        Some(_) => None,
    };
    let namespace = read.and_then(Job::namespace_label);
    let namespace = namespace.filter(|(label, _)| !has(selector, label));
    let namespace = namespace.map(|(label, value)| Matcher::new(label, MatchOp::Equal, value));
    if let Some(at) = written {
        let behind = at + 1..at + 1;
        selector.matchers.splice(behind, namespace);
    } else {
        let is_chosen = matches!(asked.by, Audience::Dashboard { .. }) && job == 0;
        bound.push(match is_chosen {
            true => Matcher::variable("job"),
            false => Matcher::new("job", MatchOp::Equal, &jobs[job].name),
        });
        bound.extend(namespace);
        if is_chosen && !has(selector, "instance") {
            bound.push(Matcher::variable("instance"));
        }
    }
    if let (Audience::Dashboard { variables }, Some(name)) = (asked.by, &selector.metric) {
        let metric = asked
            .catalogue
            .named(name)
            .iter()
            .map(|named| &asked.catalogue.metrics[named.metric])
            .find(|metric| metric.job == job);
        for variable in variables {
            let applies = metric
                .is_some_and(|metric| metric.labels.known().iter().any(|l| l.name == *variable));
            if applies && !has(selector, variable) {
                bound.push(Matcher::variable(variable));
            }
        }
    }
    bound.append(&mut selector.matchers);
    selector.matchers = bound;
    if selector
        .metric
        .as_ref()
        .is_some_and(|name| name.ends_with("_bucket"))
    {
        selector.matchers.iter_mut().for_each(match_bound);
    }
}

/// A whole bound is `1` or `1.0`: [Prometheus 3 stores the latter](https://prometheus.io/docs/prometheus/latest/migration/#le-and-quantile-label-values),
/// older ones what is exposed. Either is matched.
fn match_bound(matcher: &mut Matcher) {
    let operator = match matcher.operator {
        MatchOp::Equal => MatchOp::Regex,
        MatchOp::NotEqual => MatchOp::NotRegex,
        MatchOp::Regex | MatchOp::NotRegex => return,
    };
    let whole = matcher.value.strip_suffix(".0").unwrap_or(&matcher.value);
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if matcher.label == "le" && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
        *matcher = Matcher::new("le", operator, format!("{whole}|{whole}\\.0"));
    }
}
