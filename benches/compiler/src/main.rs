//! What `monospec lint` and `monospec generate` cost, by the number of metrics: CPU time and the most memory of the process.
//!
//! ```text
//! cargo build --release --package monospec
//! cargo run --release --package monospec-bench-compiler
//! ```
//!
//! The first row is the spec of the example. The others are made up: metrics with three labels each, an alert for ten of them,
//! a dashboard of twelve panels for a hundred; in one of them an alert on an expression by hand for each metric. Every command runs as a process of its own, several times in turn, and the
//! median is told. Files are written to a folder that does not exist before each run.

mod spec;

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4;

/// Made-up specs by their number of metrics, the smallest first, and whether they have as many expressions.
const SIZES: [(usize, bool); 4] = [
    (1_000, false),
    (10_000, false),
    (10_000, true),
    (100_000, false),
];
const RUNS: usize = 5;

/// What one run of a command needed.
#[derive(Clone, Copy)]
struct Cost {
    cpu: Duration,
    mebibytes: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let command = root.join("target/release/monospec");
    if !command.exists() {
        return Err("first: cargo build --release --package monospec".into());
    }
    let folder = tempfile::tempdir()?;
    // The smallest first: what this process ever had counts as a child's until it has more.
    let specs = std::iter::once(None).chain(SIZES.into_iter().map(Some));
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "| | lint: CPU ms | MiB | generate: CPU ms | MiB | µs a metric |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    )?;
    for metrics in specs {
        let name = match metrics {
            None => "the example".to_owned(),
            Some((metrics, false)) => format!("{metrics} metrics"),
            Some((metrics, true)) => format!("{metrics} metrics and expressions"),
        };
        let project = folder.path().join(name.replace(' ', "-"));
        fs::create_dir_all(project.join("spec"))?;
        let spec = project.join("spec/monospec.yaml");
        match metrics {
            None => fs::copy(root.join("spec/monospec.yaml"), &spec).map(drop)?,
            Some((metrics, false)) => fs::write(&spec, spec::with(metrics))?,
            Some((metrics, true)) => fs::write(&spec, spec::with_expressions(metrics))?,
        }
        let lint = median(|| run(&command, "lint", &spec))?;
        let generate = median(|| {
            let generated = project.join("generated");
            if generated.exists() {
                fs::remove_dir_all(generated)?;
            }
            run(&command, "generate", &spec)
        })?;
        let each = metrics.map_or(String::new(), |(metrics, _)| {
            format!("{:.1}", generate.cpu.as_secs_f64() * 1e6 / metrics as f64)
        });
        writeln!(
            out,
            "| {name} | {} | {} | {each} |",
            cells(lint),
            cells(generate)
        )?;
    }
    Ok(())
}

fn median(run: impl Fn() -> Result<Cost, Box<dyn Error>>) -> Result<Cost, Box<dyn Error>> {
    let mut costs = (0..RUNS).map(|_| run()).collect::<Result<Vec<_>, _>>()?;
    costs.sort_by_key(|cost| cost.cpu);
    Ok(costs[RUNS / 2])
}

fn run(command: &PathBuf, verb: &str, spec: &Path) -> Result<Cost, Box<dyn Error>> {
    let mut child = Command::new(command)
        .arg(verb)
        .arg(spec)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let used = child.wait4()?;
    if !used.status.success() {
        return Err(format!("monospec {verb} failed: {}", used.status).into());
    }
    Ok(Cost {
        cpu: used.rusage.utime + used.rusage.stime,
        mebibytes: used.rusage.maxrss as f64 / 1024.0 / 1024.0,
    })
}

fn cells(cost: Cost) -> String {
    let milliseconds = cost.cpu.as_secs_f64() * 1e3;
    format!("{milliseconds:.1} | {:.1}", cost.mebibytes)
}
