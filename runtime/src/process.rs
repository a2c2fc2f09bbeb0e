//! What Linux tells about this process, in the names that Prometheus' clients use.

use std::fs;
use std::str::FromStr;
use std::sync::LazyLock;

use crate::exposition::{Kind, Meta, Single};
use crate::value::Value;

/// Entries of the auxiliary vector: their kind and how many ticks of the clock are a second.
const AT_CLKTCK: usize = 17;
/// What Linux has on every machine of today, should the vector not tell.
const USUAL_TICKS: f64 = 100.0;

/// The ticks of the clock in a second, and when the machine was started. Neither changes, and `/proc/stat` is slow to read.
static CLOCK: LazyLock<(f64, Option<f64>)> = LazyLock::new(|| {
    let vector = fs::read("/proc/self/auxv").ok();
    let ticks = vector.and_then(|vector| auxiliary(&vector, AT_CLKTCK));
    let stat = fs::read_to_string("/proc/stat").ok();
    let boot = stat.and_then(|stat| field(&stat, "btime"));
    (ticks.map_or(USUAL_TICKS, |ticks| ticks as f64), boot)
});

/// The metrics of this process now; what cannot be read is left out.
pub(crate) fn read() -> Vec<Single> {
    let text = |path| fs::read_to_string(path).ok();
    let (ticks, boot) = *CLOCK;
    let stat = text("/proc/self/stat");
    let stat = stat.as_deref().and_then(Stat::parse);
    let status = text("/proc/self/status");
    let size = |field| status.as_deref().and_then(|status| bytes(status, field));
    let gauge =
        |name, unit, help, value: Option<f64>| Some((name, unit, help, Kind::Gauge, value?));
    [
        stat.as_ref().map(|stat| {
            let help = "CPU time of the process, user and system.";
            let seconds = stat.cpu_ticks as f64 / ticks;
            let name = "process_cpu_seconds_total";
            (name, "seconds", help, Kind::Counter, seconds)
        }),
        gauge(
            "process_max_fds",
            "",
            "File descriptors that the process may have open.",
            text("/proc/self/limits").and_then(|limits| max_fds(&limits)),
        ),
        gauge(
            "process_open_fds",
            "",
            "File descriptors that the process has open.",
            open_fds(),
        ),
        gauge(
            "process_resident_memory_bytes",
            "bytes",
            "Memory of the process that is resident.",
            size("VmRSS:"),
        ),
        gauge(
            "process_start_time_seconds",
            "seconds",
            "Start of the process, in seconds since 1970-01-01 UTC.",
            stat.as_ref()
                .zip(boot)
                .map(|(stat, boot)| boot + stat.start_ticks as f64 / ticks),
        ),
        gauge(
            "process_threads",
            "",
            "Threads of the process.",
            stat.as_ref().map(|stat| stat.threads as f64),
        ),
        gauge(
            "process_virtual_memory_bytes",
            "bytes",
            "Virtual memory of the process.",
            size("VmSize:"),
        ),
    ]
    .into_iter()
    .flatten()
    .map(|(name, unit, help, kind, value)| Single {
        meta: Meta {
            name,
            former_name: None,
            help,
            unit,
            kind,
        },
        labels: String::new(),
        value: Value::Float(value),
    })
    .collect()
}

/// What is used of `/proc/self/stat`.
#[derive(Debug, PartialEq)]
struct Stat {
    cpu_ticks: u64,
    threads: u64,
    start_ticks: u64,
}

impl Stat {
    fn parse(text: &str) -> Option<Self> {
        // The second field is the command's name in parentheses, in which anything may stand.
        let (_, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        // Numbered from 1 in the manual, and the first two are gone.
        let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
        Some(Self {
            cpu_ticks: number(14)? + number(15)?,
            threads: number(20)?,
            start_ticks: number(22)?,
        })
    }
}

/// An entry of the auxiliary vector: pairs of words, in the machine's own form.
fn auxiliary(vector: &[u8], wanted: usize) -> Option<usize> {
    const WORD: usize = size_of::<usize>();
    let word = |bytes: &[u8]| bytes.try_into().map(usize::from_ne_bytes).ok();
    vector.chunks_exact(2 * WORD).find_map(|pair| {
        let (kind, value) = pair.split_at(WORD);
        (word(kind)? == wanted).then(|| word(value)).flatten()
    })
}

/// The first number behind the name of a field that starts a line.
fn field<T: FromStr>(text: &str, name: &str) -> Option<T> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// A size in `/proc/self/status`, which is told in KiB.
fn bytes(status: &str, name: &str) -> Option<f64> {
    field::<f64>(status, name).map(|size| size * 1024.0)
}

/// The soft limit.
fn max_fds(limits: &str) -> Option<f64> {
    match field::<String>(limits, "Max open files")?.as_str() {
        "unlimited" => Some(f64::INFINITY),
        number => number.parse().ok(),
    }
}

fn open_fds() -> Option<f64> {
    let entries = fs::read_dir("/proc/self/fd").ok()?.count();
    // One of them is the directory that is being read.
    Some(entries.saturating_sub(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stat_survives_any_command_name() {
        let text = "7 (a) (b c) S 1 7 7 0 -1 4194304 1 2 3 4 250 150 0 0 20 0 9 0 12345 1000 10 18446744073709551615";
        let expected = Stat {
            cpu_ticks: 400,
            threads: 9,
            start_ticks: 12345,
        };
        assert_eq!(Stat::parse(text), Some(expected));
        assert_eq!(Stat::parse("7 (short) S 1"), None);
        assert_eq!(Stat::parse(""), None);
    }

    #[test]
    fn words_are_found_in_the_vector() {
        let words = [6usize, 4096, 17, 250, 0, 0];
        let vector: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        assert_eq!(auxiliary(&vector, AT_CLKTCK), Some(250));
        assert_eq!(auxiliary(&vector, 99), None);
        assert_eq!(auxiliary(&[], AT_CLKTCK), None);
    }

    #[test]
    fn limits_and_sizes() {
        let limits =
            "Max processes 1 2 processes\nMax open files            1024    1048576    files\n";
        assert_eq!(max_fds(limits), Some(1024.0));
        assert_eq!(
            max_fds("Max open files unlimited unlimited files"),
            Some(f64::INFINITY)
        );
        assert_eq!(
            bytes("VmSize:\t  10 kB\nVmRSS:\t   3 kB\n", "VmRSS:"),
            Some(3072.0)
        );
        assert_eq!(bytes("VmSize:\t  10 kB\n", "VmRSS:"), None);
    }
}
