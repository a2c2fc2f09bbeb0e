//! Whatever text stands in a spec is text on its pages, too.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

use crate::folder::Folder;
use crate::texts::texts;

fn spec() -> Value {
    json!({
        "monospec": 1,
        "service": { "name": "shop" },
        "scrape": { "targets": ["localhost:1"] },
        "labels": { "kind": ["usual", "other kind"] },
        "metrics": { "level": { "type": "gauge", "help": "A level.", "labels": ["kind"] } },
        "flags": { "F": { "default": true, "help": "A flag." } },
        "health": { "checks": { "disk": { "critical": true } } },
        "alerts": {
            "High": { "signal": "level", "above": 1, "severity": "warning", "summary": "It is high" }
        },
        "dashboards": {
            "board": {
                "title": "Board",
                "rows": [{ "title": "Row", "panels": [{ "title": "Panel", "signal": "level" }] }]
            }
        },
        "outputs": { "docs": "docs" }
    })
}

/// A place of a spec that a page tells of.
struct Told {
    name: &'static str,
    put: fn(&mut Value, &str),
    page: &'static str,
    /// What the blocks of the page say of it, given the text as it is to be read.
    says: fn(&str) -> String,
}

const TOLD: &[Told] = &[
    Told {
        name: "description of the service",
        put: |spec, text| spec["service"]["description"] = text.into(),
        page: "README.md",
        says: sentence,
    },
    Told {
        name: "owner",
        put: |spec, text| spec["service"]["owner"] = text.into(),
        page: "README.md",
        says: |text| format!("Owner: {text}"),
    },
    Told {
        name: "help of a metric",
        put: |spec, text| spec["metrics"]["level"]["help"] = text.into(),
        page: "metrics.md",
        says: sentence,
    },
    Told {
        name: "help of a label",
        put: |spec, text| {
            spec["labels"]["kind"] = json!({ "values": ["usual"], "help": text });
        },
        page: "metrics.md",
        says: |text| format!("kind: usual. {}", sentence(text)),
    },
    Told {
        name: "value of a label",
        put: |spec, text| {
            let value = json!({ "value": text, "rust": "Hostile" });
            spec["labels"]["kind"] = json!([value, "usual"]);
        },
        page: "metrics.md",
        says: |text| format!("kind: {text}, usual"),
    },
    Told {
        name: "help of a flag",
        put: |spec, text| spec["flags"]["F"]["help"] = text.into(),
        page: "flags.md",
        says: str::to_owned,
    },
    Told {
        name: "owner of a flag",
        put: |spec, text| spec["flags"]["F"]["owner"] = text.into(),
        page: "flags.md",
        says: str::to_owned,
    },
    Told {
        name: "help of a check",
        put: |spec, text| spec["health"]["checks"]["disk"]["help"] = text.into(),
        page: "health.md",
        says: str::to_owned,
    },
    Told {
        name: "summary",
        put: |spec, text| spec["alerts"]["High"]["summary"] = text.into(),
        page: "alerts/High.md",
        says: |text| format!("warning: {text}"),
    },
    Told {
        name: "summary in the list",
        put: |spec, text| spec["alerts"]["High"]["summary"] = text.into(),
        page: "README.md",
        says: str::to_owned,
    },
    Told {
        name: "description of an alert",
        put: |spec, text| spec["alerts"]["High"]["description"] = text.into(),
        page: "alerts/High.md",
        says: sentence,
    },
    Told {
        name: "title of a panel",
        put: |spec, text| {
            spec["dashboards"]["board"]["rows"][0]["panels"][0]["title"] = text.into();
        },
        page: "metrics.md",
        says: |text| format!("panels: Board: {text}"),
    },
];

fn sentence(text: &str) -> String {
    let ended = text.ends_with(['.', '!', '?']);
    format!("{text}{}", if ended { "" } else { "." })
}

/// A text on a page: one line, in which what cannot be seen is shown as missing, and code has no marks.
fn on_a_page(text: &str) -> String {
    let shown = |c: char| match c {
        '\u{2028}' | '\u{2029}' => '\u{fffd}',
        c if c.is_whitespace() => ' ',
        c if c.is_control() => '\u{fffd}',
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// What the paragraphs, the items of lists and the cells of tables of a page say.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for event in Parser::new_ext(page, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Paragraph | Tag::Item | Tag::TableCell | Tag::List(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) => {
                blocks.push(String::new());
            }
            Event::Text(text) | Event::Code(text) => {
                blocks.last_mut().expect("a block").push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => blocks.last_mut().expect("a block").push('\n'),
            _ => {}
        }
    }
    blocks
}

/// What a reader of Markdown makes of the pages.
#[test]
fn pages_say_what_the_spec_says() {
    let folder = Folder::new();
    let base = spec();
    let mut further: Vec<String> = [
        "a|b",
        "`a|b`",
        "\\|",
        "`\\|",
        "{{#include /etc/passwd}}",
        "`{{ #x y}}`",
        "$a$ $$b$$",
        "~~a~~",
        "<!--",
        "1. a",
        "a\n\n---\n\nb",
        "***",
        "[a]: b",
    ]
    .map(str::to_owned)
    .to_vec();
    further.extend(texts());
    let mut problems = Vec::new();
    let (mut arrived, mut refused) = (0, 0);
    for (s, told) in TOLD.iter().enumerate() {
        for (t, text) in further.iter().enumerate() {
            let mut spec = base.clone();
            (told.put)(&mut spec, text);
            let path = folder.write(&format!("{s}-{t}/monospec.yaml"), spec.to_string());
            let compilation = monospec::compile(&path).expect("a spec");
            // That every refusal has its place is tested where other artefacts are read.
            if compilation.report.errors() > 0 {
                refused += 1;
                continue;
            }
            let book = crate::book(&compilation.models[0]).expect("pages");
            let page = &book[told.page];
            let is_code = told.name == "value of a label";
            let begins = told.name != "title of a panel";
            let shown = on_a_page(text);
            let shown = if is_code {
                shown
            } else {
                if begins {
                    shown.trim()
                } else {
                    shown.trim_end()
                }
                .to_owned()
            };
            // Code that may stay so loses its marks.
            let shown = if is_code {
                shown
            } else {
                shown.replace("`code`", "code")
            };
            // What the alert's own texts expand is not there as it is written.
            let expands = text.contains("{{") || text.contains("{threshold}");
            let of_alert =
                told.name.starts_with("summary") || told.name == "description of an alert";
            if shown.is_empty() || of_alert && expands {
                continue;
            }
            let said = (told.says)(&shown);
            let blocks = blocks(page);
            if !blocks.contains(&said) {
                let near: Vec<_> = blocks.iter().filter(|block| !block.is_empty()).collect();
                problems.push(format!(
                    "{}: {text:?}: {said:?} is not in {near:?}",
                    told.name
                ));
            }
            arrived += 1;
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(arrived > 300 && refused > 20, "{arrived} {refused}");
}
