//! How a service answered.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::time::Duration;

use axum::http::StatusCode;

/// Answers and errors, all of which are kept: a run is not so long that they would be many.
#[derive(Default)]
pub(crate) struct Report {
    latencies: Vec<Duration>,
    statuses: BTreeMap<u16, u64>,
    errors: BTreeMap<String, u64>,
}

impl Report {
    pub(crate) fn answer(&mut self, status: StatusCode, latency: Duration) {
        self.latencies.push(latency);
        *self.statuses.entry(status.as_u16()).or_default() += 1;
    }

    /// Counts an error by its innermost cause, which says most.
    pub(crate) fn error(&mut self, mut error: &(dyn Error + 'static)) {
        while let Some(source) = error.source() {
            error = source;
        }
        *self.errors.entry(error.to_string()).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        for (error, count) in other.errors {
            *self.errors.entry(error).or_default() += count;
        }
    }

    /// How many requests were answered.
    pub(crate) fn answered(&self) -> usize {
        self.latencies.len()
    }

    /// What to tell of it, after so long.
    pub(crate) fn summary(&mut self, duration: Duration) -> String {
        self.latencies.sort_unstable();
        let mut text = String::new();
        let answered = self.answered();
        let seconds = duration.as_secs_f64();
        let rate = answered as f64 / seconds;
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "answers  {answered} in {seconds:.1} s, {rate:.1} per second"
        );
        for (status, count) in &self.statuses {
            let _ = writeln!(text, "  {status}    {count}");
        }
        if answered > 0 {
            let [p50, p95, p99] = [50, 95, 99].map(|percent| self.percentile(percent));
            let _ = writeln!(text, "latency  p50 {p50:.1?}, p95 {p95:.1?}, p99 {p99:.1?}");
        }
        let _ = writeln!(text, "errors   {}", self.errors.values().sum::<u64>());
        for (error, count) in &self.errors {
            let _ = writeln!(text, "  {count} {error}");
        }
        text
    }

    /// The least latency that so many percent do not exceed; of latencies in order.
    fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.latencies.len() * percent).div_ceil(100).max(1);
        self.latencies.get(rank - 1).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_counted() {
        let mut report = Report::default();
        for millis in 1..=100 {
            let status = if millis > 90 { 503 } else { 200 };
            let status = StatusCode::from_u16(status).expect("a status");
            report.answer(status, Duration::from_millis(millis));
        }
        let mut other = Report::default();
        other.error(&std::io::Error::other("connection refused"));
        report.add(other);
        assert_eq!(
            report.summary(Duration::from_secs(10)),
            "answers  100 in 10.0 s, 10.0 per second\n  200    90\n  503    10\n\
             latency  p50 50.0ms, p95 95.0ms, p99 99.0ms\nerrors   1\n  1 connection refused\n"
        );
    }

    #[test]
    fn nothing_has_no_latency() {
        let summary = Report::default().summary(Duration::from_secs(1));
        assert_eq!(summary, "answers  0 in 1.0 s, 0.0 per second\nerrors   0\n");
    }
}
