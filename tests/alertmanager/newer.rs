//! What only a newer Alertmanager than Debian's knows: a webhook's address from a file, Telegram, and Teams.

use serde_json::json;

use super::folder::Folder;
use super::http::Sink;
use super::server::{Server, alert, compile};

const VERSION: (u32, u32) = (0, 28);

const SPEC: &str = r#"
monospec: 1
service: { name: shop, runbook_url: "https://runbooks.example.com/{alert}" }
prometheus: { alertmanagers: ["localhost:9093"] }
scrape: { targets: ["localhost:3000"] }
metrics:
  queue_length: { type: gauge, help: Orders that wait., labels: { kind: {} } }
alerts:
  QueueLong: { signal: queue_length, above: 100, severity: warning, summary: Orders wait too long }
notify:
  version: "0.28"
  default: everybody
  group_wait: 1s
  receivers:
    everybody:
      webhook: { url_file: WEBHOOK }
      telegram: { chat_id: -5, bot_token_file: TOKEN, extra: { api_url: "http://SINK" } }
      msteams: { webhook_url_file: TEAMS }
"#;

#[test]
fn messages_say_what_to_do_and_alerts_do_not_break_out() {
    let folder = Folder::new();
    let sink = Sink::start();
    let file = |name: &str, text: &str| folder.write(name, text).display().to_string();
    let webhook = file("webhook", &format!("http://{}/webhook\n", sink.address));
    let teams = file("teams", &format!("http://{}/teams\n", sink.address));
    let spec = SPEC
        .replace("SINK", &sink.address)
        .replace("WEBHOOK", &webhook)
        .replace("TEAMS", &teams)
        .replace("TOKEN", &file("token", "12:token\n"));
    let compilation = compile(&folder.write("monospec.yaml", spec));
    let server = Server::start(VERSION, &folder, &compilation);
    let model = compilation.models.first().expect("a model");
    let many: Vec<_> = (1..=12)
        .map(|i| {
            let kind = format!("</b> & [x](http://evil.example.com) {i}");
            let series = [
                ("job", "shop"),
                ("instance", "a:1"),
                ("kind", kind.as_str()),
            ];
            let mut alert = alert(model, "QueueLong", "warning", &series);
            alert["annotations"]["summary"] = json!(format!("Orders of {kind} wait"));
            alert
        })
        .collect();
    server.tell(&many);
    let title = "[FIRING:12] QueueLong shop (warning)";

    let message = sink.wait("/bot12:token/sendMessage", |_| true).body;
    assert_eq!(message["chat_id"], "-5");
    assert_eq!(message["parse_mode"], "HTML");
    let text = message["text"].as_str().expect("a text");
    assert!(text.starts_with(&format!("<b>{title}</b>\n")), "{text}");
    for words in [
        "\nOrders of &lt;/b&gt; &amp; [x](http://evil.example.com) 1 wait\n",
        "<a href=\"https://runbooks.example.com/QueueLong\">Runbook</a>",
        "The first 10 of 12; <a href=\"http://alertmanager.example.com\">all</a>",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert_eq!(text.matches("Orders of").count(), 10);

    let card = sink.wait("/teams", |_| true).body;
    let body = &card["attachments"][0]["content"]["body"];
    assert_eq!(body[0]["text"], title);
    let text = body[1]["text"].as_str().expect("a text");
    for words in [
        "**Orders of </b> & \\[x\\](http://evil.example.com) 1 wait**\n\n",
        "[Runbook](https://runbooks.example.com/QueueLong)",
        "instance: a:1, kind: </b> & \\[x\\]",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }

    let webhook = sink.wait("/webhook", |_| true).body;
    assert_eq!(webhook["alerts"].as_array().map(Vec::len), Some(12));
}
