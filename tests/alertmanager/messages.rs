//! Debian's Alertmanager sends what the spec says, to whom it says.

use monospec::Compilation;
use serde_json::{Value, json};

use super::folder::Folder;
use super::http::Sink;
use super::mail::MailServer;
use super::server::{Server, alert, compile, resolved};
use super::wait_for;

const RUNBOOK: &str = "https://runbooks.example.com/QueueLong?a=1&b=2";

/// What would be something else where it is shown.
const EVIL: &str = "<!channel> <b>\"bold\" & 'more'</b> [x](http://evil.example.com) |";

struct Stage {
    server: Server,
    sink: Sink,
    mail: MailServer,
    compilation: Compilation,
    _folder: Folder,
}

impl Stage {
    fn start() -> Self {
        let folder = Folder::new();
        let sink = Sink::start();
        let mail = MailServer::start(folder.path());
        let slack = folder.write("slack_url", format!("http://{}/slack\n", sink.address));
        let key = folder.write("key", "the-key");
        let spec = folder.write(
            "monospec.yaml",
            SPEC.replace("SINK", &sink.address)
                .replace("MAIL", &mail.address)
                .replace("SLACK", &slack.display().to_string())
                .replace("KEY", &key.display().to_string()),
        );
        let compilation = compile(&spec);
        Self {
            server: Server::start((0, 25), &folder, &compilation),
            sink,
            mail,
            compilation,
            _folder: folder,
        }
    }

    fn alert(&self, name: &str, severity: &str, series: &[(&str, &str)]) -> Value {
        let model = self.compilation.models.first().expect("a model");
        alert(model, name, severity, series)
    }
}

const SPEC: &str = r##"
monospec: 1
service:
  name: shop
  owner: checkout
  runbook_url: https://runbooks.example.com/{alert}?a=1&b=2
  grafana_url: https://grafana.example.com
prometheus: { alertmanagers: ["localhost:9093"] }
scrape: { targets: ["localhost:3000"] }
metrics:
  queue_length: { type: gauge, help: Orders that wait., labels: { kind: {} } }
  stock: { type: gauge, help: What is there. }
alerts:
  QueueLong:
    signal: queue_length
    summary: Orders wait too long
    levels: { warning: { above: 100 }, critical: { above: 1000 } }
  StockLow: { signal: stock, below: 10, severity: warning, summary: Little is there }
  StockEmpty: { signal: stock, below: 1, severity: warning, summary: Nothing is there }
notify:
  default: team
  group_wait: 1s
  group_interval: 1s
  receivers:
    team: { webhook: { url: "http://SINK/team" } }
    night: { webhook: { url: "http://SINK/night" } }
    day: { webhook: { url: "http://SINK/day" } }
    oncall:
      slack: { channel: "#alerts", api_url_file: SLACK }
      email: { to: [anna@example.com, boris@example.com] }
      pagerduty: { routing_key_file: KEY, extra: { url: "http://SINK/pagerduty" } }
      opsgenie: { api_key_file: KEY, extra: { api_url: "http://SINK/opsgenie" } }
      webhook: { url: "http://SINK/oncall" }
  smtp: { smarthost: "MAIL", from: alerts@example.com, require_tls: false }
  routes:
    - { match: { severity: critical }, to: [oncall, team] }
    - { match: { alertname: StockLow }, to: [night], mute_time_intervals: [always], group_wait: 0s }
    - { match: { alertname: StockEmpty }, to: day, active_time_intervals: [always], group_wait: 0s }
  time_intervals:
    always: [{ times: [{ start_time: "00:00", end_time: "24:00" }], weekdays: ["sunday:saturday"], location: Europe/Belgrade }]
"##;

fn alerts(message: &Value) -> Vec<(String, String, String)> {
    let alerts = message["alerts"].as_array().cloned().unwrap_or_default();
    let mut alerts: Vec<_> = alerts
        .iter()
        .map(|alert| {
            let label = |name: &str| alert["labels"][name].as_str().unwrap_or("").to_owned();
            (
                label("kind"),
                label("severity"),
                alert["status"].as_str().unwrap_or("").to_owned(),
            )
        })
        .collect();
    alerts.sort();
    alerts
}

fn seen(kind: &str, severity: &str, status: &str) -> (String, String, String) {
    (kind.to_owned(), severity.to_owned(), status.to_owned())
}

#[test]
fn alerts_are_grouped_silenced_by_worse_ones_and_resolved() {
    let stage = Stage::start();
    let series = |kind| [("job", "shop"), ("instance", "a:1"), ("kind", kind)];
    let (paid, refused, open) = (series("paid"), series("refused"), series("open"));
    let critical = stage.alert("QueueLong", "critical", &paid);
    stage.server.tell(std::slice::from_ref(&critical));
    let worst = stage
        .sink
        .wait("/oncall", |message| message["status"] == "firing");
    assert_eq!(alerts(&worst.body), [seen("paid", "critical", "firing")]);
    stage.server.tell(&[
        stage.alert("QueueLong", "warning", &paid),
        stage.alert("QueueLong", "warning", &refused),
        stage.alert("QueueLong", "warning", &open),
    ]);
    // Of the critical one's series the warning is silent, of the others it is not.
    let other = |message: &Value| message["commonLabels"]["severity"] == "warning";
    let team = stage.sink.wait("/team", other);
    assert_eq!(
        alerts(&team.body),
        [
            seen("open", "warning", "firing"),
            seen("refused", "warning", "firing")
        ]
    );
    assert_eq!(
        team.body["groupLabels"],
        json!({ "alertname": "QueueLong", "service": "shop", "job": "shop" })
    );
    let same = stage.sink.wait("/team", |message| !other(message));
    assert_eq!(alerts(&same.body), [seen("paid", "critical", "firing")]);

    // When the worst is over that is told, too, and the warning is heard.
    stage.server.tell(&[resolved(critical)]);
    let over = stage
        .sink
        .wait("/oncall", |message| message["status"] == "resolved");
    assert_eq!(alerts(&over.body), [seen("paid", "critical", "resolved")]);
    let heard = stage
        .sink
        .wait("/team", |message| alerts(message).len() == 3);
    assert!(alerts(&heard.body).contains(&seen("paid", "warning", "firing")));
    stage
        .mail
        .wait("Subject: [RESOLVED] QueueLong shop (critical)");
    let slack = stage.sink.wait("/slack", |message| {
        message["attachments"][0]["color"] == "good"
    });
    let text = slack.body["attachments"][0]["text"]
        .as_str()
        .expect("a text");
    assert!(
        text.starts_with("Resolved: *Orders wait too long*"),
        "{text}"
    );
}

#[test]
fn a_mute_route_says_nothing_and_an_active_one_does() {
    let stage = Stage::start();
    let series = [("job", "shop"), ("instance", "a:1")];
    stage
        .server
        .tell(&[stage.alert("StockLow", "warning", &series)]);
    wait_for("the muted notification", || {
        let muted = "Notifications not sent, route is within mute time";
        stage.server.log().contains(muted).then_some(())
    });
    stage
        .server
        .tell(&[stage.alert("StockEmpty", "warning", &series)]);
    stage
        .sink
        .wait("/day", |message| message["status"] == "firing");
    assert_eq!(stage.sink.requests("/night").len(), 0);
    assert_eq!(stage.sink.requests("/team").len(), 0);
}

#[test]
fn messages_say_what_to_do_and_alerts_do_not_break_out() {
    let stage = Stage::start();
    let mut evil = stage.alert(
        "QueueLong",
        "critical",
        &[("job", "shop"), ("instance", "a:1"), ("kind", EVIL)],
    );
    evil["annotations"]["description"] = json!(EVIL);
    let dashboard = evil["annotations"]["dashboard_url"].clone();
    let dashboard = dashboard.as_str().expect("a dashboard shows the signal");
    assert!(dashboard.starts_with("https://grafana.example.com/d/"));
    stage.server.tell(&[evil]);
    let title = "[FIRING:1] QueueLong shop (critical)";

    let slack = stage.sink.wait("/slack", |_| true).body;
    assert_eq!(slack["channel"], "#alerts");
    let attachment = &slack["attachments"][0];
    assert_eq!(attachment["title"], title);
    assert_eq!(attachment["color"], "danger");
    let text = attachment["text"].as_str().expect("a text");
    let escaped =
        "&lt;!channel&gt; &lt;b&gt;\"bold\" &amp; 'more'&lt;/b&gt; [x](http://evil.example.com) |";
    for words in [
        "*Orders wait too long*\n",
        &format!("\n{escaped}\n"),
        &format!("<{}|Runbook>", RUNBOOK.replace('&', "&amp;")),
        &format!("<{dashboard}|Dashboard>"),
        "&amp;g0.tab=1|Query>\n",
        &format!("instance: a:1, kind: {escaped}"),
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }

    let mail = stage.mail.wait(&format!("Subject: {title}"));
    let html = "&lt;!channel&gt; &lt;b&gt;&#34;bold&#34; &amp; &#39;more&#39;&lt;/b&gt;";
    for words in [
        "To: anna@example.com, boris@example.com",
        "From: alerts@example.com",
        "<h3>Orders wait too long</h3>",
        &format!("<p>{html}"),
        &format!("<a href=\"{}\">Runbook</a>", RUNBOOK.replace('&', "&amp;")),
        &format!(">kind: {html}"),
        &format!("Runbook: {RUNBOOK}\nDashboard: {dashboard}\n"),
    ] {
        assert!(mail.contains(words), "{words}\n{mail}");
    }
    let as_html = |address: &str| format!("<a href=\"{}\">", address.replace('&', "&amp;"));
    assert!(mail.contains(&as_html(dashboard)), "{mail}");

    let page = stage.sink.wait("/pagerduty", |_| true).body;
    assert_eq!(page["routing_key"], "the-key");
    assert_eq!(page["event_action"], "trigger");
    let payload = &page["payload"];
    assert_eq!(
        payload["summary"],
        "[FIRING:1] QueueLong shop: Orders wait too long"
    );
    for (key, value) in [
        ("severity", "critical"),
        ("class", "QueueLong"),
        ("component", "shop"),
        ("group", "checkout"),
    ] {
        assert_eq!(payload[key], value, "{payload}");
    }
    assert_eq!(
        page["links"],
        json!([{ "href": RUNBOOK, "text": "Runbook" }, { "href": dashboard, "text": "Dashboard" }])
    );
    let firing = payload["custom_details"]["firing"].as_str().expect("text");
    assert!(firing.contains(&format!("kind: {EVIL}\n")), "{firing}");
    assert_eq!(payload["custom_details"]["resolved"], "");

    let ticket = stage.sink.wait("/opsgenie/v2/alerts", |_| true);
    assert!(ticket.headers.contains("Authorization: GenieKey the-key"));
    let ticket = ticket.body;
    assert_eq!(ticket["message"], title);
    assert_eq!(ticket["priority"], "P1");
    assert_eq!(ticket["entity"], "shop");
    assert_eq!(ticket["details"]["runbook"], RUNBOOK);
    assert_eq!(ticket["details"]["dashboard"], dashboard);
    let text = ticket["description"].as_str().expect("a text");
    assert!(text.starts_with("Orders wait too long\n"), "{text}");
    assert!(text.contains(&format!("Runbook: {RUNBOOK}\n")), "{text}");

    let webhook = stage.sink.wait("/oncall", |_| true).body;
    let annotations = &webhook["alerts"][0]["annotations"];
    assert_eq!(annotations["runbook_url"], RUNBOOK);
    assert_eq!(annotations["dashboard_url"], dashboard);
}
