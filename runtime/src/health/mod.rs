//! Health checks: run in the background, told from what they last said.

mod check;
mod engine;
mod expose;
mod report;
mod state;
mod timestamp;

pub use check::{Check, CheckError, CheckResult};
pub use engine::{Health, HealthBuilder};
pub use report::{CheckDetail, CheckStatus, HealthResponse};
