//! Health as metrics.

use std::fmt;
use std::sync::Arc;

use super::report::CheckStatus;
use super::state::{CheckState, Snapshot};
use crate::exposition::{Collect, Kind, Meta, Sink, escape_label};
use crate::registry::Registry;
use crate::value::Value;

/// One number of every check; none where there is nothing to tell yet.
struct Family {
    name: &'static str,
    unit: &'static str,
    help: &'static str,
    value: fn(&Snapshot) -> Option<f64>,
    checks: Arc<[CheckState]>,
}

pub(crate) fn register(registry: &Registry, checks: &Arc<[CheckState]>) {
    let family = |name, unit, help, value| {
        let checks = Arc::clone(checks);
        registry.register(Arc::new(Family {
            name,
            unit,
            help,
            value,
            checks,
        }));
    };
    family(
        "health_check_status",
        "",
        "Whether the health check is healthy.",
        |check| match check.status {
            CheckStatus::Pending => None,
            CheckStatus::Healthy => Some(1.0),
            CheckStatus::Unhealthy => Some(0.0),
        },
    );
    family(
        "health_check_duration_seconds",
        "seconds",
        "Time that the last run of the health check took.",
        |check| check.duration.map(|duration| duration.as_secs_f64()),
    );
    family(
        "health_check_last_success_timestamp_seconds",
        "seconds",
        "Time of the last success of the health check, in seconds since 1970-01-01 UTC.",
        |check| check.last_success,
    );
}

impl Collect for Family {
    fn meta(&self) -> Meta<'_> {
        Meta {
            name: self.name,
            former_name: None,
            help: self.help,
            unit: self.unit,
            kind: Kind::Gauge,
        }
    }

    fn collect(&self, sink: &mut Sink<'_>) -> fmt::Result {
        for check in self.checks.iter() {
            if let Some(value) = (self.value)(&check.snapshot()) {
                let labels = format!("check=\"{}\"", escape_label(check.check().name));
                sink(&labels, Value::Float(value))?;
            }
        }
        Ok(())
    }
}
