//! What health tells: to the world as little as it needs, to logs all of it.

use std::fmt::Write;
use std::time::Duration;

/// An answer to a health request: the status of HTTP and a body of JSON (`application/json`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthResponse {
    /// The status of HTTP: 200 or 503.
    pub status: u16,
    /// The body, a JSON object.
    pub body: String,
}

/// What a check is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckStatus {
    /// It has not said anything yet.
    Pending,
    /// It succeeds.
    Healthy,
    /// It fails, or has not said anything for too long.
    Unhealthy,
}

impl CheckStatus {
    /// The word for it in responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
        }
    }
}

/// All that is known of a check. For logs and not for public responses: the error may tell secrets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CheckDetail {
    /// The name of the check.
    pub name: &'static str,
    /// Whether the service is not ready without it.
    pub critical: bool,
    /// What it is taken for.
    pub status: CheckStatus,
    /// The time that the last run took.
    pub duration: Option<Duration>,
    /// When a run last succeeded, in seconds since 1970-01-01 UTC.
    pub last_success: Option<f64>,
    /// Why the last run failed; none after a success.
    pub last_error: Option<String>,
}

pub(crate) fn live_body(timestamp: &str) -> String {
    let mut body = String::new();
    open_body(&mut body, "ok", timestamp);
    body.push('}');
    body
}

/// Readiness, from the checks in written order.
pub(crate) fn ready_response(
    checks: &[CheckDetail],
    shutting_down: bool,
    timestamp: &str,
) -> HealthResponse {
    let is = |check: &CheckDetail, status| check.status == status;
    let error = |check: &CheckDetail| check.critical && !is(check, CheckStatus::Healthy);
    let (status, word) = if shutting_down {
        (503, "shutting_down")
    } else if checks.iter().any(error) {
        (503, "error")
    } else if checks.iter().any(|check| is(check, CheckStatus::Unhealthy)) {
        (200, "degraded")
    } else {
        (200, "ok")
    };
    let mut body = String::new();
    open_body(&mut body, word, timestamp);
    body.push_str(",\"checks\":{");
    for (index, check) in checks.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        push_string(&mut body, check.name);
        body.push(':');
        push_string(&mut body, check.status.as_str());
    }
    body.push_str("}}");
    HealthResponse { status, body }
}

fn open_body(body: &mut String, status: &str, timestamp: &str) {
    body.push_str("{\"status\":");
    push_string(body, status);
    body.push_str(",\"timestamp\":");
    push_string(body, timestamp);
}

/// Adds a text as a string of JSON.
fn push_string(body: &mut String, text: &str) {
    body.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => body.extend(['\\', c]),
            c if c < ' ' => {
                // Writing to a string does not fail.
                let _ = write!(body, "\\u{:04x}", u32::from(c));
            }
            c => body.push(c),
        }
    }
    body.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(checks: &[(&'static str, bool, CheckStatus)], shutting_down: bool) -> (u16, String) {
        let details: Vec<_> = checks
            .iter()
            .map(|(name, critical, status)| CheckDetail {
                name,
                critical: *critical,
                status: *status,
                duration: None,
                last_success: None,
                last_error: Some("secret".to_owned()),
            })
            .collect();
        let response = ready_response(&details, shutting_down, "2025-09-03T09:27:55Z");
        assert!(!response.body.contains("secret"));
        (response.status, response.body)
    }

    #[test]
    fn bodies_are_exact() {
        use CheckStatus::{Healthy, Pending, Unhealthy};
        assert_eq!(
            live_body("2025-09-03T09:27:51Z"),
            r#"{"status":"ok","timestamp":"2025-09-03T09:27:51Z"}"#
        );
        let cases = [
            (true, Healthy, true, Healthy, 200, "ok"),
            (true, Healthy, true, Unhealthy, 503, "error"),
            (true, Pending, true, Healthy, 503, "error"),
            (true, Healthy, false, Unhealthy, 200, "degraded"),
            (true, Healthy, false, Pending, 200, "ok"),
            (true, Unhealthy, false, Unhealthy, 503, "error"),
        ];
        for (redis_critical, redis, disk_critical, disk, status, word) in cases {
            let checks = [
                ("redis", redis_critical, redis),
                ("disk", disk_critical, disk),
            ];
            let (redis, disk) = (redis.as_str(), disk.as_str());
            let body = |word| {
                format!(
                    r#"{{"status":"{word}","timestamp":"2025-09-03T09:27:55Z","checks":{{"redis":"{redis}","disk":"{disk}"}}}}"#
                )
            };
            assert_eq!(ready(&checks, false), (status, body(word)));
            assert_eq!(ready(&checks, true), (503, body("shutting_down")));
        }
        assert_eq!(
            ready(&[], false),
            (
                200,
                r#"{"status":"ok","timestamp":"2025-09-03T09:27:55Z","checks":{}}"#.to_owned()
            )
        );
    }

    #[test]
    fn strings_are_escaped() {
        let mut body = String::new();
        push_string(&mut body, "a\"b\\c\nd é");
        assert_eq!(body, r#""a\"b\\c\u000ad é""#);
    }
}
