//! The service as a process, with a real PostgreSQL, a real Redis and a real Prometheus: what it answers, what it exposes, and
//! what the committed rules and dashboards make of it.

mod alerts;
mod api;
mod chain;
mod faults;
mod health;
mod load;
mod monitoring;
mod support;
