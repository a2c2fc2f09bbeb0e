//! How generated specs are written.

use std::fmt::{self, Write};

use super::generator::{Kind, Metric, Spec};

/// A string of YAML that holds this text: JSON's strings are YAML's.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Metric {
    fn name(&self, index: usize) -> String {
        let total = if self.kind == Kind::Counter {
            "_total"
        } else {
            ""
        };
        let unit = if self.said { "" } else { self.unit };
        format!("metric{index}{unit}{total}")
    }

    fn measure(&self) -> Measure {
        match self.unit {
            "_seconds" => Measure::Seconds,
            "_bytes" => Measure::Bytes,
            "_ratio" => Measure::Ratio,
            _ => Measure::Number,
        }
    }

    fn label(&self, index: usize) -> &'static str {
        ["a", "b", "c"][index]
    }

    /// Values begin differently, so that their variants do.
    fn value(&self, label: usize, index: usize) -> String {
        format!("v{index} {}", self.labels[label][index])
    }

    /// Whether series of it may become one by addition: shares and temperatures may not.
    fn adds_up(&self) -> bool {
        self.kind != Kind::Gauge || matches!(self.unit, "" | "_bytes")
    }

    /// As many labels to keep, none of them restricted.
    fn by(&self, count: usize, except: Option<usize>) -> Vec<&'static str> {
        (0..self.labels.len())
            .filter(|label| Some(*label) != except)
            .take(count)
            .map(|label| self.label(label))
            .collect()
    }
}

/// What a signal measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Measure {
    Number,
    Seconds,
    Bytes,
    Ratio,
    /// 0 or 1.
    Bit,
}

/// What an alert may ask of a signal.
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) measure: Measure,
    pub(crate) per_second: bool,
    /// Whether there is traffic that can be too little.
    pub(crate) traffic: bool,
    /// Whether each series is compared alone.
    pub(crate) series: bool,
    /// Whether it is a ratio of counters, which an objective may be about.
    pub(crate) counted: bool,
}

impl Asked {
    pub(crate) fn new(name: String, measure: Measure) -> Self {
        Self {
            name,
            measure,
            per_second: false,
            traffic: false,
            series: false,
            counted: false,
        }
    }

    /// The units that a threshold may have.
    fn units(&self) -> &'static [&'static str] {
        match (self.measure, self.per_second) {
            (Measure::Number, false) | (Measure::Bit, _) => &[""],
            (Measure::Number, true) => &["", "/s", "/m", "/h"],
            (Measure::Seconds, false) => &["", "ns", "us", "ms", "s"],
            (Measure::Bytes, false) => &["", "B", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB"],
            (Measure::Bytes, true) => &["", "B/s", "KB/m", "MiB/h", "/s"],
            (Measure::Ratio, false) => &["%"],
            (Measure::Seconds | Measure::Ratio, true) => &["", "/s", "/m"],
        }
    }
}

impl Spec {
    fn interval(&self) -> u64 {
        self.interval
    }

    fn metrics(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "metrics:")?;
        for (index, metric) in self.metrics.iter().enumerate() {
            let name = metric.name(index);
            let kind = match metric.kind {
                Kind::Counter => "counter",
                Kind::Gauge => "gauge",
                Kind::Histogram => "histogram",
            };
            writeln!(
                out,
                "  {name}:\n    type: {kind}\n    help: {}",
                quoted(&metric.help)
            )?;
            if metric.kind == Kind::Histogram {
                writeln!(out, "    buckets: [0.1, 1, 1e15]")?;
            }
            if metric.said && !metric.unit.is_empty() {
                writeln!(out, "    unit: {}", &metric.unit[1..])?;
            }
            if metric.external {
                writeln!(out, "    external: true")?;
            }
            if metric.renamed {
                writeln!(out, "    renamed_from: former_{name}")?;
            }
            if let (Kind::Gauge, Some(limit)) = (metric.kind, metric.limit) {
                writeln!(out, "    limit: {limit}")?;
            }
            if !metric.labels.is_empty() {
                writeln!(out, "    labels:")?;
            }
            for (label, values) in metric.labels.iter().enumerate() {
                let all: Vec<String> = (0..values.len())
                    .map(|value| quoted(&metric.value(label, value)))
                    .collect();
                match all.is_empty() {
                    true => writeln!(out, "      {}: {{}}", metric.label(label))?,
                    false => writeln!(out, "      {}: [{}]", metric.label(label), all.join(", "))?,
                }
            }
        }
        self.surroundings.metrics(out)
    }

    fn signals(&self, out: &mut String) -> Result<Vec<Asked>, fmt::Error> {
        let mut asked: Vec<Asked> = Vec::new();
        if !self.signals.is_empty() {
            writeln!(out, "signals:")?;
        }
        for (index, signal) in self.signals.iter().enumerate() {
            let at = signal.of.index(self.metrics.len());
            let metric = &self.metrics[at];
            let name = metric.name(at);
            // The first closed label is restricted to one of its values.
            let closed = metric.labels.iter().position(|values| !values.is_empty());
            let part = closed.map_or(name.clone(), |label| {
                let value = metric.value(label, signal.value.index(metric.labels[label].len()));
                let value = value
                    .replace('\\', "\\\\")
                    .replace('"', "\\\"")
                    .replace('\n', "\\n");
                format!("{name}{{{}=\"{value}\"}}", metric.label(label))
            });
            let (shape, part_of) = match (metric.kind, signal.shape) {
                (Kind::Gauge, 0) if metric.adds_up() => {
                    (format!("value: {}", quoted(&part)), false)
                }
                (Kind::Gauge, 0) => (format!("value: {}, agg: min", quoted(&part)), false),
                (Kind::Gauge, 1) => (format!("value: {}, agg: max", quoted(&part)), false),
                (Kind::Counter, 0) => (format!("rate: {}", quoted(&part)), false),
                (Kind::Counter, 1) => (format!("increase: {}", quoted(&part)), false),
                (Kind::Histogram, 0) => (format!("average: {}", quoted(&part)), false),
                (Kind::Histogram, _) => (format!("quantile: 0.9, of: {}", quoted(&part)), false),
                _ => {
                    let part = quoted(&part);
                    (format!("ratio: {{ part: {part}, whole: {name} }}"), true)
                }
            };
            let by = metric.by(signal.by, closed).join(", ");
            let window = signal.window * self.interval();
            let record = signal.record;
            writeln!(
                out,
                "  signal{index}: {{ {shape}, by: [{by}], window: {window}s, record: {record} }}"
            )?;
            let rate = metric.kind == Kind::Counter && signal.shape == 0;
            let each = metric.kind == Kind::Gauge && signal.shape == 0 && metric.adds_up();
            asked.push(Asked {
                per_second: rate && metric.unit != "_seconds",
                traffic: metric.kind == Kind::Histogram
                    || (part_of && metric.kind == Kind::Counter),
                series: each && by.is_empty(),
                counted: part_of && metric.kind == Kind::Counter,
                ..Asked::new(
                    format!("signal{index}"),
                    match (part_of, rate && metric.unit == "_seconds") {
                        (false, false) => metric.measure(),
                        _ => Measure::Ratio, // seconds per second are a share, too
                    },
                )
            });
        }
        for (index, metric) in self.metrics.iter().enumerate() {
            if metric.kind != Kind::Histogram {
                let rate = metric.kind == Kind::Counter;
                let share = rate && metric.unit == "_seconds";
                asked.push(Asked {
                    per_second: rate && !share,
                    series: !rate,
                    ..Asked::new(
                        metric.name(index),
                        if share {
                            Measure::Ratio
                        } else {
                            metric.measure()
                        },
                    )
                });
            }
        }
        asked.extend(self.surroundings.asked());
        Ok(asked)
    }

    /// Writes them; the names of those with a severity of their own.
    fn alerts(&self, out: &mut String, asked: &[Asked]) -> Result<Vec<String>, fmt::Error> {
        let mut plain = Vec::new();
        if self.alerts.is_empty() {
            return Ok(plain);
        }
        writeln!(out, "alerts:")?;
        for (index, alert) in self.alerts.iter().enumerate() {
            let of = &asked[alert.of.index(asked.len())];
            let direction = ["above", "below", "at_least", "at_most"][alert.direction];
            let unit = of.units()[alert.unit.index(of.units().len())];
            let (threshold, step) = match of.measure {
                Measure::Bit => (0.5, 0.25),
                _ => (f64::from(alert.threshold), 0.5),
            };
            let summary = quoted(&format!("{} {{{{ $value }}}} {{threshold}}", alert.text));
            writeln!(
                out,
                "  Alert{index}:\n    signal: {}\n    summary: {summary}",
                of.name
            )?;
            if of.traffic && alert.traffic {
                writeln!(out, "    min_traffic: {threshold}")?;
            }
            if of.series && alert.missing {
                plain.push(format!("Alert{index}"));
                writeln!(
                    out,
                    "    equals: 0\n    when_missing: fire\n    severity: info"
                )?;
            } else if alert.levels {
                let stricter = match alert.direction % 2 {
                    0 => threshold + step,
                    _ => threshold - step,
                };
                writeln!(out, "    levels:")?;
                writeln!(out, "      warning: {{ {direction}: {threshold}{unit} }}")?;
                writeln!(out, "      critical: {{ {direction}: {stricter}{unit} }}")?;
            } else {
                plain.push(format!("Alert{index}"));
                let hold = alert.hold;
                writeln!(
                    out,
                    "    {direction}: {threshold}{unit}\n    for: {hold}s\n    severity: info"
                )?;
            }
            // What only the pages tell.
            let text = quoted(&format!("# Look\n\n`{}` | text", of.name));
            writeln!(out, "    impact: {text}\n    runbook: {text}")?;
        }
        Ok(plain)
    }

    fn dashboards(&self, out: &mut String, asked: &[Asked]) -> fmt::Result {
        if self.panels.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "dashboards:\n  overview:\n    title: Overview\n    rows:"
        )?;
        for (row, panels) in self.panels.chunks(3).enumerate() {
            writeln!(out, "      - title: Row {row}\n        panels:")?;
            for (index, panel) in panels.iter().enumerate() {
                let at = panel.of.index(asked.len());
                // Two underscores begin the name of a variable of Grafana.
                let title = quoted(&format!("Panel {}", panel.title.replace("$__", "$_")));
                let signal = &asked[at].name;
                let histogram = self.metrics.iter().enumerate().find_map(|(index, metric)| {
                    (metric.kind == Kind::Histogram).then(|| metric.name(index))
                });
                let surroundings = &self.surroundings;
                let (shown, ready_made) = match (panel.kind, histogram) {
                    (0, Some(name)) => (format!("signal: {name}, type: heatmap"), true),
                    (1, _) if signal != "up" => (format!("signals: [{signal}, up]"), true),
                    (2, _) => (format!("signal: {signal}, type: stat"), false),
                    (3, _) => (format!("signal: {signal}, type: gauge"), false),
                    (4, _) if surroundings.has("flags") => ("show: flags".to_owned(), true),
                    (5, _) if surroundings.has("health") => ("show: health".to_owned(), true),
                    (6, _) => ("show: alerts".to_owned(), true),
                    _ => (format!("signal: {signal}"), false),
                };
                write!(
                    out,
                    "          - {{ title: {title}, key: p{row}-{index}, {shown}"
                )?;
                if let Some(width) = panel.width {
                    write!(out, ", width: {width}")?;
                }
                if let (Some(top), false) = (panel.top, ready_made) {
                    write!(out, ", top: {top}")?;
                }
                if let Some(metric) = self
                    .metric_called(signal)
                    .filter(|m| m.adds_up() && !ready_made)
                {
                    write!(out, ", by: [{}]", metric.by(panel.by, None).join(", "))?;
                }
                writeln!(out, " }}")?;
            }
        }
        Ok(())
    }

    fn metric_called(&self, name: &str) -> Option<&Metric> {
        let mut all = self.metrics.iter().enumerate();
        all.find(|(index, metric)| metric.name(*index) == name)
            .map(|(_, metric)| metric)
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        let identity = if self.identity { "[job, env]" } else { "[job]" };
        writeln!(
            out,
            "monospec: 1\nservice: {{ name: {}, identity: {identity}{} }}",
            quoted(&self.name),
            self.surroundings.service()
        )?;
        self.surroundings.before(self.interval(), &mut out)?;
        self.metrics(&mut out)?;
        self.surroundings.after(&mut out)?;
        // Kubernetes does not take all that name a service.
        let ends = |c: char| c.is_ascii_alphanumeric();
        let is_object = |part: &str| part.starts_with(ends) && part.ends_with(ends);
        if self.name.split('.').all(is_object) {
            self.surroundings.kubernetes(&mut out)?;
        }
        let asked = self.signals(&mut out)?;
        let plain = self.alerts(&mut out, &asked)?;
        let histograms: Vec<_> = (self.metrics.iter().enumerate())
            .filter(|(_, metric)| metric.kind == Kind::Histogram)
            .map(|(index, metric)| (metric.name(index), metric.measure()))
            .collect();
        self.promises
            .write(&asked, &histograms, !self.alerts.is_empty(), &mut out)?;
        self.dashboards(&mut out, &asked)?;
        self.surroundings
            .environments(self.interval(), &plain, &mut out)?;
        let docs = self.surroundings.docs();
        writeln!(out, "outputs: {{ schema: false, docs: \"{docs}\" }}")?;
        f.write_str(&out)
    }
}

impl fmt::Debug for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
