//! Takes the time, and counts allocations.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::allocations;
use crate::clients::{Case, Client, Record};
use crate::input::INPUTS;

/// Odd, so that there is a median.
const ROUNDS: usize = 25;
/// How long one client records in one round.
const ROUND: Duration = Duration::from_millis(20);

/// What a client needs for one event or one exposition.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) time: Duration,
    pub(crate) nanoseconds: f64,
    pub(crate) allocations: f64,
}

/// The cost of every case with every client that knows it, by the client's name.
pub(crate) type Costs = BTreeMap<&'static str, Cost>;

/// What recording costs when so many threads do it at once.
pub(crate) fn record(clients: &[Client], cases: &[Case], threads: usize) -> Vec<(Case, Costs)> {
    let measure = |case: &Case| {
        let known: Vec<(&str, &Record)> = clients
            .iter()
            .filter_map(|client| Some((client.name, client.record.get(case)?)))
            .collect();
        (*case, interleaved(&known, |record| time(record, threads)))
    };
    cases.iter().map(measure).collect()
}

/// What writing out at least 10,000 series costs, and how many bytes it gives.
pub(crate) fn write_out(clients: &[Client]) -> Vec<(&'static str, Cost, usize)> {
    let known: Vec<_> = clients
        .iter()
        .filter_map(|client| Some((client.name, client.write_out.as_ref()?)))
        .collect();
    let costs = interleaved(&known, |write_out| {
        let start = Instant::now();
        let mut times = 0;
        while start.elapsed() < ROUND {
            black_box(write_out());
            times += 1;
        }
        let time = start.elapsed();
        let allocations = allocations::count(|| {
            black_box(write_out());
        });
        cost(time, times, allocations as f64)
    });
    let rows = known
        .iter()
        .filter_map(|(name, write_out)| Some((*name, *costs.get(name)?, write_out().len())));
    rows.collect()
}

/// The median of what each gives, taken in turn.
fn interleaved<T>(measured: &[(&'static str, T)], measure: impl Fn(&T) -> Cost) -> Costs {
    let mut rounds: BTreeMap<&'static str, Vec<Cost>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for (name, what) in measured {
            rounds.entry(name).or_default().push(measure(what));
        }
    }
    let medians = rounds.into_iter().map(|(name, mut costs)| {
        costs.sort_by(|a, b| a.nanoseconds.total_cmp(&b.nanoseconds));
        (name, costs[ROUNDS / 2])
    });
    medians.collect()
}

fn time(record: &Record, threads: usize) -> Cost {
    // The first time series are made, and the thread gets what it needs.
    record();
    let allocations = allocations::count(record);
    let passes = passes(record);
    let barrier = Barrier::new(threads);
    let times: Vec<Duration> = std::thread::scope(|scope| {
        let run = || {
            record();
            barrier.wait();
            let start = Instant::now();
            for _ in 0..passes {
                record();
            }
            start.elapsed()
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        let joined = running.into_iter().filter_map(|thread| thread.join().ok());
        joined.collect()
    });
    let longest = times.into_iter().max().unwrap_or_default();
    let events = (passes * INPUTS.len()) as u32;
    cost(longest, events, allocations as f64 / INPUTS.len() as f64)
}

/// How often the inputs fit into a round.
fn passes(record: &Record) -> usize {
    let start = Instant::now();
    let mut passes = 0;
    while start.elapsed() < ROUND / 10 {
        record();
        passes += 1;
    }
    passes * 10
}

fn cost(time: Duration, times: u32, allocations: f64) -> Cost {
    Cost {
        time: time / times,
        nanoseconds: time.as_nanos() as f64 / f64::from(times),
        allocations,
    }
}
