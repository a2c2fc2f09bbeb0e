//! The whole chain: the service fails, Prometheus sees it, Alertmanager tells of it. What they have is compiled from the committed
//! spec with an environment of this test's, in which addresses are other ones and times are short.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::monitoring::prometheus::Prometheus;
use crate::monitoring::{JOB, wait_for_scrapes};
use crate::support::alertmanager::Alertmanager;
use crate::support::webhook::Webhook;
use crate::support::{PATIENCE, Service, Stores, ask, free_port, generated, load, read, wait_for};

/// What differs from the committed spec. The first notification of a group waits until alerts of all endpoints are there; the
/// interval after it is long enough that all of them are over within one.
const ENVIRONMENT: &str = r#"
environments:
  test:
    scrape: { targets: ["SERVICE"], interval: 1s }
    prometheus: { evaluation_interval: 1s, alertmanagers: ["ALERTMANAGER"] }
    alert_defaults: { keep_firing_for: 1s }
    alerts:
      HighErrorRate: { window: 4s, for: 2s }
    slos: # or a few seconds' errors spend a month's budget
      availability: { objective: 50% }
      latency: { objective: 50% }
    notify:
      group_wait: 4s
      group_interval: 10s
      smtp: null
      receivers:
        team: { slack: { api_url_file: SLACK } }
        oncall: { email: null, webhook: { url: "http://WEBHOOK/pager" } }
"#;

/// Where requests fail.
const ENDPOINTS: [&str; 3] = [
    "/api/v1/attributes",
    "/api/v2/attributes",
    "/api/v2/attributes/{name}",
];

/// Who watches.
struct Servers {
    prometheus: PathBuf,
    alertmanager: PathBuf,
    /// What Prometheus answers to those who want to see a query: Debian's newer packages have the server and not its pages.
    page: u16,
}

#[test]
fn a_burst_is_told_once_and_so_is_its_end() {
    burst(&Servers {
        prometheus: "prometheus".into(),
        alertmanager: alertmanager_of_system(),
        page: 200,
    });
}

#[test]
fn newer_servers_tell_the_same() {
    let target = generated("../target");
    burst(&Servers {
        prometheus: target.join("prometheus-3/prometheus"),
        alertmanager: target.join("alertmanager/alertmanager"),
        page: 404,
    });
}

/// Debian gives it another name.
fn alertmanager_of_system() -> PathBuf {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let of_debian = "prometheus-alertmanager";
    let is_debian = std::env::split_paths(&paths).any(|path| path.join(of_debian).exists());
    let name = if is_debian { of_debian } else { "alertmanager" };
    name.into()
}

fn burst(servers: &Servers) {
    let chain = Chain::start(servers);
    let load = load::start(
        &chain.service.address,
        &["--rate", "40", "--mix", "read=1,list=2"],
    );
    wait_for_scrapes(&chain.prometheus, 6);
    chain.wait_for_quiet();

    chain.fail(r#"{"error_ratio":0.5}"#);
    let [firing] = chain.wait_for_messages();
    firing_is_told(&firing);
    links_work(&chain, servers, &firing);
    // Both receivers' groups have been looked at once more, and there was nothing new to tell.
    let flushes = chain.alertmanager.flushes();
    wait_for(PATIENCE, || match chain.alertmanager.flushes() {
        now if now >= flushes + 2 => Ok(()),
        now => Err(format!("{now} flushes, {flushes} before")),
    });
    let [same] = chain.wait_for_messages();
    assert_eq!(firing, same);

    chain.fail("{}");
    let [_, resolved] = chain.wait_for_messages();
    end_is_told(&resolved, &firing);
    chain.wait_for_quiet();
    // Nobody was told of anything else.
    let [_, last] = chain.wait_for_messages();
    assert_eq!(resolved, last);
    drop(load);
}

/// Everything from the service to whoever is told.
struct Chain {
    prometheus: Prometheus,
    alertmanager: Alertmanager,
    webhook: Webhook,
    service: Service,
    folder: TempDir,
    _stores: Stores,
}

impl Chain {
    fn start(servers: &Servers) -> Self {
        let stores = Stores::start();
        let service = Service::start(&stores, &[("CHAOS", "true")]);
        load::fill(&service.address);
        let webhook = Webhook::start();
        let folder = TempDir::with_prefix("svetu-chain-").expect("a folder");
        let slack = folder.path().join("slack_url");
        fs::write(&slack, format!("http://{}/slack", webhook.address)).expect("a file");
        let [of_prometheus, of_alertmanager] =
            [free_port(), free_port()].map(|port| format!("127.0.0.1:{port}"));
        let environment = ENVIRONMENT
            .replace("SERVICE", &service.address)
            .replace("ALERTMANAGER", &of_alertmanager)
            .replace("SLACK", &slack.display().to_string())
            .replace("WEBHOOK", &webhook.address);
        compile(folder.path(), &environment);
        let artifacts = folder.path().join("generated/test");
        let alertmanager = Alertmanager::start(
            &servers.alertmanager,
            &artifacts.join("alertmanager.yml"),
            &of_alertmanager,
        );
        let data = TempDir::with_prefix("svetu-prometheus-").expect("a folder");
        let config = artifacts.join("prometheus.yml");
        Self {
            prometheus: Prometheus::serve(data, &servers.prometheus, &config, &of_prometheus),
            alertmanager,
            webhook,
            service,
            folder,
            _stores: stores,
        }
    }

    fn fail(&self, faults: &str) {
        assert_eq!(self.service.status("PUT", "/admin/chaos", faults), 204);
    }

    /// Nothing fires or is about to, and there is nothing left to tell.
    fn wait_for_quiet(&self) {
        wait_for(PATIENCE, || {
            match (self.prometheus.alerts()?, self.alertmanager.groups()?) {
                (alerts, groups) if alerts.is_empty() && groups.is_empty() => Ok(()),
                active => Err(format!("{active:?}")),
            }
        });
    }

    /// So many messages to whoever is on call, and as many to the team. More of them are a failure.
    fn wait_for_messages<const N: usize>(&self) -> [Message; N] {
        wait_for(PATIENCE, || {
            let pager = self.webhook.messages("/pager");
            let slack = self.webhook.messages("/slack");
            assert!(
                pager.len() <= N && slack.len() <= N,
                "{pager:#?}\n{slack:#?}"
            );
            let both = pager.into_iter().zip(slack);
            let messages: Vec<Message> = both.collect();
            messages
                .try_into()
                .map_err(|few: Vec<_>| format!("{few:#?}"))
        })
    }

    /// A panel that is on a dashboard.
    fn panel(&self, uid: &str, id: &str) -> Value {
        let folder = self.folder.path().join("generated/test/grafana");
        let dashboard: Value =
            serde_json::from_str(&read(&folder.join("overview.json"))).expect("JSON");
        assert_eq!(dashboard["uid"], uid);
        let panels = dashboard["panels"].as_array().expect("panels");
        let id: u64 = id.parse().expect("a number");
        let panel = panels.iter().find(|panel| panel["id"] == id);
        panel.expect("the panel is there").clone()
    }
}

/// What the pager was told, and what Slack.
type Message = (Value, Value);

/// The committed spec, with the environment: its artefacts are in the folder.
fn compile(folder: &Path, environment: &str) {
    let path = folder.join("monospec.yaml");
    let spec = read(&generated("../spec/monospec.yaml"));
    // Without the paths, which are those of a spec that has no environments.
    let (spec, _) = spec.split_once("\noutputs:\n").expect("outputs");
    fs::write(&path, format!("{spec}\n{environment}")).expect("a file");
    let compilation = monospec::compile(&path).expect("a spec");
    let report = &compilation.report;
    assert_eq!(report.errors(), 0, "{:?}", report.findings);
    for (path, bytes) in compilation.artifacts().iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

fn firing_is_told((pager, slack): &Message) {
    assert_eq!(pager["status"], "firing");
    assert_eq!(pager["receiver"], "oncall");
    let common = json!({ "alertname": "HighErrorRate", "service": JOB, "job": JOB });
    assert_eq!(pager["groupLabels"], common);
    assert_eq!(labels(pager), expected_labels());
    assert_eq!(slack["channel"], "#svetu-backend");
    let attachment = &slack["attachments"][0];
    let title = "[FIRING:3] HighErrorRate svetu-backend (critical)";
    assert_eq!(attachment["title"], title);
    assert_eq!(attachment["color"], "danger");
    let words = text(&attachment["text"]);
    for alert in alerts(pager) {
        assert_eq!(alert["status"], "firing");
        let annotations = &alert["annotations"];
        let endpoint = text(&alert["labels"]["endpoint"]);
        let summary = text(&annotations["summary"]);
        let share = summary
            .strip_suffix(&format!(
                "% of the requests to {endpoint} fail, more than 5%"
            ))
            .and_then(|share| share.parse::<f64>().ok());
        assert!(share.is_some_and(|it| it > 5.0 && it < 100.0), "{summary}");
        let description = "Answers with a 5xx status over the last 4s.";
        assert_eq!(annotations["description"], description);
        assert!(
            words.contains(&format!("*{summary}*\n{description}\n")),
            "{words}"
        );
    }
}

/// What is written about what fires, where it is shown, and what was asked.
fn links_work(chain: &Chain, servers: &Servers, (pager, slack): &Message) {
    let (status, _) = visit(&text(&pager["externalURL"]));
    assert_eq!(status, 200);
    let words = text(&slack["attachments"][0]["text"]);
    for alert in alerts(pager) {
        let annotations = &alert["annotations"];
        let runbook = "https://runbooks.example.com/HighErrorRate";
        assert_eq!(annotations["runbook_url"], runbook);
        let [uid, panel] = ["__dashboardUid__", "__panelId__"].map(|name| text(&annotations[name]));
        let dashboard = format!("http://localhost:3001/d/{uid}?viewPanel={panel}");
        assert_eq!(annotations["dashboard_url"], dashboard);
        assert_eq!(chain.panel(&uid, &panel)["title"], "Error Rate by Endpoint");
        let query = text(&alert["generatorURL"]);
        let (status, page) = visit(&query);
        assert_eq!(status, servers.page, "{page}");
        let asked = expression(&query);
        assert_eq!(expression(&page), asked);
        let answer = chain.prometheus.query(&asked).expect("an answer");
        assert_eq!(answer.len(), ENDPOINTS.len(), "{answer:?}");
        let query = query.replace('&', "&amp;");
        let links = format!("\n<{runbook}|Runbook> <{dashboard}|Dashboard> <{query}|Query>\n");
        assert!(words.contains(&links), "{links}\n{words}");
    }
}

fn end_is_told((pager, slack): &Message, (firing, _): &Message) {
    assert_eq!(pager["status"], "resolved");
    assert_eq!(pager["groupKey"], firing["groupKey"]);
    assert_eq!(labels(pager), expected_labels());
    for alert in alerts(pager) {
        assert_eq!(alert["status"], "resolved");
        let [start, end] = ["startsAt", "endsAt"].map(|key| text(&alert[key]));
        assert!(start < end, "{alert}");
    }
    let attachment = &slack["attachments"][0];
    let title = "[RESOLVED] HighErrorRate svetu-backend (critical)";
    assert_eq!(attachment["title"], title);
    assert_eq!(attachment["color"], "good");
    assert!(text(&attachment["text"]).starts_with("Resolved: *"));
}

fn alerts(message: &Value) -> &[Value] {
    message["alerts"].as_array().expect("alerts")
}

/// The labels of a message's alerts, by endpoint.
fn labels(message: &Value) -> Vec<Value> {
    let mut labels: Vec<Value> = alerts(message)
        .iter()
        .map(|it| it["labels"].clone())
        .collect();
    labels.sort_by_key(|labels| text(&labels["endpoint"]));
    labels
}

fn expected_labels() -> Vec<Value> {
    let labels = ENDPOINTS.map(|endpoint| {
        json!({
            "alertname": "HighErrorRate",
            "endpoint": endpoint,
            "job": JOB,
            "service": JOB,
            "severity": "critical",
            "team": "platform",
        })
    });
    labels.to_vec()
}

/// What an address leads to: the status of what is there at last, and where that is.
fn visit(url: &str) -> (u16, String) {
    let mut url = url.to_owned();
    for _ in 0..10 {
        let rest = url.strip_prefix("http://").expect("an address");
        let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
        let answer = ask(address, "GET", &format!("/{path}"), "").expect("somebody is there");
        match answer.location {
            Some(path) => url = format!("http://{address}{path}"),
            None => return (answer.status, url),
        }
    }
    panic!("it leads nowhere: {url}");
}

/// The expression of a link to Prometheus.
fn expression(url: &str) -> String {
    let (_, rest) = url.split_once("g0.expr=").expect("an expression");
    let encoded = rest.split('&').next().unwrap_or_default().replace('+', " ");
    let mut bytes = Vec::new();
    let mut parts = encoded.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("an escape"));
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).expect("text")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
