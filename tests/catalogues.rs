//! What comes with monospec is what exporters expose: every series of the ones that Debian has is declared, with its type and
//! its labels.
//!
//! MinIO and tokio-metrics are not among them: nobody packages the first, and the second would be built for a list of names.
#![cfg(all(feature = "cli", unix))]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/postgres.rs"]
mod postgres;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use folder::Folder;
use monospec::model::catalogue::Metric;

/// How long a server may take to start: only one that never does is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// It is ended when the test is.
struct Server(Child);

impl Server {
    fn start(program: &str, arguments: &[&str]) -> Self {
        Self::run(Command::new(program).args(arguments))
    }

    fn run(command: &mut Command) -> Self {
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?}: {error}; scripts/test installs it")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").to_string()
}

/// What an exporter answers, as soon as it does.
fn get(address: &str, path: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = try_get(address, path);
        match answer {
            Ok(answer) if answer.starts_with("HTTP/1.0 200") => return answer,
            _ if Instant::now() > deadline => panic!("{address}{path}: {answer:?}"),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// What an exporter answers, as soon as its server is there.
fn get_with(address: &str, sign: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let exposition = get(address, "/metrics");
        if exposition.contains(sign) {
            return exposition;
        }
        assert!(Instant::now() < deadline, "no {sign:?} in\n{exposition}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn try_get(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// The metrics that catalogues declare, by name.
fn declared(folder: &Folder, catalogues: &str) -> BTreeMap<String, Metric> {
    let spec = folder.write(
        "monospec.yaml",
        format!(
            "monospec: 1\nservice: {{ name: shop }}\nexporters: {{ one: {{ include: [{catalogues}] }} }}\n"
        ),
    );
    let mut compilation = monospec::compile(&spec).expect("a spec");
    assert_eq!(compilation.report.findings, []);
    let model = compilation.models.pop().expect("a model");
    let metrics = model.catalogue.metrics.into_iter();
    metrics
        .map(|metric| (metric.name.clone(), metric))
        .collect()
}

/// What of an exposition is not declared, or otherwise.
fn compare(exposition: &str, declared: &BTreeMap<String, Metric>) -> BTreeSet<String> {
    let mut problems = BTreeSet::new();
    let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
    for line in exposition.lines() {
        if let Some((name, kind)) = line
            .strip_prefix("# TYPE ")
            .and_then(|rest| rest.split_once(' '))
        {
            kinds.insert(name, kind);
            let kind = kind.replace("untyped", "unknown");
            match declared.get(name) {
                None => problems.insert(format!("{name}, a {kind}, is not declared")),
                Some(metric) if metric.kind.as_str() != kind => problems.insert(format!(
                    "{name} is declared as a {}, and is a {kind}",
                    metric.kind.as_str()
                )),
                Some(_) => false,
            };
        }
        let Some((name, rest)) = line.split_once('{').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|suffix| name.strip_suffix(suffix))
            .find(|family| matches!(kinds.get(family), Some(&("histogram" | "summary"))))
            .unwrap_or(name);
        let Some(metric) = declared.get(family) else {
            continue;
        };
        for label in labels(rest) {
            let of_the_type = match metric.kind.as_str() {
                "histogram" => "le",
                "summary" => "quantile",
                _ => "",
            };
            let known = metric
                .labels
                .known()
                .iter()
                .any(|known| known.name == label);
            if !known && label != of_the_type {
                problems.insert(format!("{family} has no label `{label}`"));
            }
        }
    }
    assert!(!kinds.is_empty(), "nothing is exposed:\n{exposition}");
    problems
}

/// The names of the labels of a sample, from behind its brace.
fn labels(mut rest: &str) -> Vec<&str> {
    let mut names = Vec::new();
    while let Some((name, value)) = rest.split_once("=\"") {
        names.push(name.trim_start_matches([',', ' ']));
        let mut escaped = false;
        let end = value.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        rest = &value[end.expect("a value ends") + 1..];
        if rest.starts_with('}') {
            break;
        }
    }
    names
}

#[test]
fn node_exporter_is_declared() {
    let address = free_address();
    let _exporter = Server::start(
        "prometheus-node-exporter",
        &[
            &format!("--web.listen-address={address}"),
            // Their names are those of the kernel, which differ from one machine to the next.
            "--no-collector.meminfo",
            "--no-collector.netstat",
            "--no-collector.vmstat",
            "--no-collector.zfs",
            // What somebody put into a folder.
            "--no-collector.textfile",
        ],
    );
    let declared = declared(&Folder::new(), "std:node_exporter, std:go, std:process");
    let problems = compare(&get(&address, "/metrics"), &declared);
    assert_eq!(problems, BTreeSet::new());
}

#[test]
fn redis_exporter_is_declared() {
    let folder = Folder::new();
    let redis = free_address();
    let (_, port) = redis.split_once(':').expect("a port");
    let path = folder.path().display().to_string();
    let _redis = Server::start(
        "redis-server",
        &[
            "--port",
            port,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            &path,
        ],
    );
    let address = free_address();
    let _exporter = Server::start(
        "prometheus-redis-exporter",
        &[
            &format!("-web.listen-address={address}"),
            &format!("-redis.addr=redis://{redis}"),
        ],
    );
    let declared = declared(&folder, "std:redis_exporter, std:go, std:process");
    let exposition = get_with(&address, "\nredis_up 1");
    assert_eq!(compare(&exposition, &declared), BTreeSet::new());
}

#[test]
fn blackbox_exporter_is_declared() {
    let folder = Folder::new();
    let config = folder.write(
        "blackbox.yml",
        "modules: { http: { prober: http }, tcp: { prober: tcp } }\n",
    );
    let address = free_address();
    let _exporter = Server::start(
        "prometheus-blackbox-exporter",
        &[
            &format!("--web.listen-address={address}"),
            &format!("--config.file={}", config.display()),
        ],
    );
    let declared = declared(&folder, "std:blackbox, std:go, std:process");
    for path in [
        "/metrics".to_owned(),
        format!("/probe?module=http&target=http://{address}/"),
        format!("/probe?module=tcp&target={address}"),
    ] {
        let problems = compare(&get(&address, &path), &declared);
        assert_eq!(problems, BTreeSet::new(), "{path}");
    }
}

#[test]
fn postgres_exporter_is_declared() {
    let (folder, data) = (Folder::new(), Folder::new());
    let server = free_address();
    let (_, port) = server.split_once(':').expect("a port");
    let [mut create, mut run] = postgres::commands(data.path(), port);
    let created = create
        .output()
        .unwrap_or_else(|error| panic!("{create:?}: {error}; scripts/test installs it"));
    assert!(created.status.success(), "{created:?}");
    let _server = Server::run(&mut run);
    let address = free_address();
    let source = format!("postgresql://monospec@{server}/postgres?sslmode=disable");
    let _exporter = Server::run(
        Command::new("prometheus-postgres-exporter")
            .arg(format!("--web.listen-address={address}"))
            .env("DATA_SOURCE_NAME", source),
    );
    let declared = declared(&folder, "std:postgres_exporter, std:go, std:process");
    let exposition = get_with(&address, "\npg_up 1");
    assert!(exposition.contains("\npg_stat_database_"), "{exposition}");
    assert_eq!(compare(&exposition, &declared), BTreeSet::new());
}

#[test]
fn what_is_not_declared_is_found() {
    let folder = Folder::new();
    let declared = declared(&folder, "std:node_exporter");
    let exposition = "\
# TYPE node_load1 gauge
node_load1 1
# TYPE node_load5 counter
node_load5 1
# TYPE node_disk_info gauge
node_disk_info{device=\"a\\\"}, b=\\\"c\",colour=\"red\"} 1
# TYPE ours_total counter
ours_total{device=\"a\"} 1
";
    let problems: Vec<_> = compare(exposition, &declared).into_iter().collect();
    assert_eq!(
        problems,
        [
            "node_disk_info has no label `colour`",
            "node_load5 is declared as a gauge, and is a counter",
            "ours_total, a counter, is not declared",
        ]
    );
}
