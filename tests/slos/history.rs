//! What series did: counters that grow by so much a minute.

/// Some minutes of the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phase {
    pub(crate) minutes: u32,
    /// All that happened in a minute.
    pub(crate) all: f64,
    /// What of it was bad.
    pub(crate) bad: f64,
}

/// A series, minute by minute from 0.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) series: String,
    values: Vec<f64>,
}

impl History {
    /// A counter that grows in each minute of a phase by so much.
    pub(crate) fn counter(
        series: String,
        phases: &[Phase],
        growth: impl Fn(&Phase) -> f64,
    ) -> Self {
        let mut values = vec![0.0];
        let mut count = 0.0;
        for phase in phases {
            for _ in 0..phase.minutes {
                count += growth(phase);
                values.push(count);
            }
        }
        Self { series, values }
    }

    /// Every so many minutes.
    pub(crate) fn values(&self, minutes: usize) -> String {
        let values: Vec<String> = self
            .values
            .iter()
            .step_by(minutes)
            .map(f64::to_string)
            .collect();
        values.join(" ")
    }
}
