//! What an annotation can say in a template: the checker and Prometheus agree, also about what Prometheus finds out only when an
//! alert fires and then sends in place of the text.

#[path = "support/folder.rs"]
mod folder;
#[path = "support/releases.rs"]
mod releases;

use std::fmt::Write;
use std::process::Command;

use folder::Folder;
use serde_json::json;

/// Texts that expand.
const RIGHT: &[&str] = &[
    "{{ $value | humanize }} of {{ $labels.job }}",
    "{{- if gt $value 0.5 -}} high {{ else if eq $labels.job \"a\" }} x {{ else }} low {{- end }}",
    "{{ with query \"up{job=\\\"x\\\"}\" }}{{ . | first | value | printf \"%.1f\" }}{{ end }}",
    "{{ range $i, $s := query `up` }}{{ $i }} {{ $s.Labels.job }} {{ .Value }}{{ if true }}{{ break }}{{ end }}{{ end }}",
    "{{ $x := 1 }}{{ $x }}{{ $x = 2 }} {{/* a comment */}} {{ \"}}\" }} {{ printf \"%c\" 'x' }}",
    "{{ (index $labels \"a-b\") }} {{ .Labels.job }} {{ $.Labels.job | reReplaceAll \"a\" \"b\" | toUpper }}",
    "{{ with $labels.job }}{{ . }}{{ else }}{{ .Value }}{{ end }}",
    "{{ ($value | toTime).Format \"15:04\" }} {{ humanize (\"5m\" | parseDuration) }} {{ printf \"%5.1f%%\" .5 }}",
    "{{ if or (lt $value 1.0) (not true) }}a{{ end }}{{ printf \"%s %.2f\" $labels.job $value }}",
    "{{ define \"x\" }}{{ .Anything }}{{ end }}{{ print $externalURL .ExternalURL $externalLabels.a }}{{ args 1 2 | len }}",
    "{{ if and (gt $value 3.0) (eq $labels.job \"a\" `b`) (ne 1 2) }}{{ title \"x\" }}{{ len $labels.job }}{{ end }}",
    "{{ with $k := $labels.job }}{{ $k }}{{ else }}{{ $value }}{{ end }}{{ range query \"up\" | sortByLabel \"job\" }}{{ .Value }}{{ end }}",
    "{{ define \"y\" }}{{ $.Value }}{{ . }}{{ $z := 1 }}{{ $z }}{{ end }}{{ template \"y\" . }}{{ block \"z\" $value }}{{ . }}{{ end }}",
];

/// Texts that do not, the word that is to blame, and why.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "{{ $value | humanzie }}",
        "humanzie",
        "templates have no function `humanzie`",
    ),
    ("{{ nope }}", "nope", "templates have no function `nope`"),
    (
        "{{ $lables.job }}",
        "$lables",
        "templates have no variable `$lables`",
    ),
    ("{{ }}", "{{ }}", "there is nothing between the braces"),
    ("{{ if }}{{ end }}", "{{ if }}", "`if` of what?"),
    ("{{ if true }}", "{{ if true }}", "this has no `{{ end }}`"),
    ("{{ end }}", "end", "`end` ends nothing"),
    ("{{ else }}", "else", "`else` belongs to no `if`"),
    (
        "{{ if true }}{{ else with 1 }}{{ end }}",
        "with",
        "`else with` is not known to every Prometheus",
    ),
    ("{{ break }}", "break", "this belongs into a `range`"),
    ("{{ $value % 2 }}", "%", "this means nothing in a template"),
    ("{{ $value - 2 }}", "-", "this means nothing in a template"),
    ("{{ ($value }}", "(", "this parenthesis is never closed"),
    ("{{ $value) }}", ")", "`)` closes nothing"),
    ("{{ () }}", "(", "there is nothing between the parentheses"),
    ("{{ $value | }}", "|", "nothing stands behind `|`"),
    ("{{ | humanize }}", "|", "nothing stands before `|`"),
    (
        "{{ value }}",
        "value",
        "`value` takes one argument, and gets none",
    ),
    (
        "{{ humanize }}",
        "humanize",
        "`humanize` takes one argument, and gets none",
    ),
    (
        "{{ $value | humanize 2 }}",
        "humanize",
        "`humanize` takes one argument, and gets 2",
    ),
    (
        "{{ query }}",
        "query",
        "`query` takes one argument, and gets none",
    ),
    (
        "{{ printf }}",
        "printf",
        "`printf` takes at least one argument, and gets none",
    ),
    (
        "{{ \"x\" | reReplaceAll \"a\" }}",
        "reReplaceAll",
        "`reReplaceAll` takes 3 arguments, and gets 2",
    ),
    (
        "{{ externalURL 1 }}",
        "externalURL",
        "`externalURL` takes no argument, and gets 1",
    ),
    (
        "{{ if gt $value }}{{ end }}",
        "gt",
        "`gt` takes 2 arguments, and gets 1",
    ),
    (
        "{{ $value humanize }}",
        "humanize",
        "`humanize` is an argument here, and gets none itself",
    ),
    (
        "{{ printf \"%s\" humanize $value }}",
        "humanize",
        "`humanize` is an argument here, and gets none itself",
    ),
    (
        "{{ humanize | $value }}",
        "humanize",
        "`humanize` takes one argument, and gets none",
    ),
    (
        "{{ $labels.job | $value }}",
        "$value",
        "this is no function: it takes no arguments",
    ),
    (
        "{{ $labels.job \"x\" }}",
        "$labels.job",
        "this is no function: it takes no arguments",
    ),
    (
        "{{ printf \"%d\" $value }}",
        "\"%d\"",
        "`%d` is not for a number that may have decimals",
    ),
    (
        "{{ $value | printf \"%.1f of %s\" }}",
        "\"%.1f of %s\"",
        "the format is for 2 values, and gets one value",
    ),
    (
        "{{ if true }}{{ $k := 1 }}{{ end }}{{ $k }}",
        "$k",
        "templates have no variable `$k`",
    ),
    (
        "{{ define \"x\" }}{{ $labels.job }}{{ end }}",
        "$labels",
        "templates have no variable `$labels`",
    ),
    (
        "{{ if true }}{{ else }}{{ else }}{{ end }}",
        "else",
        "a block has one `else`",
    ),
    ("{{ $a, $b := 3 }}", "$b", "only a `range` declares two"),
    (
        "{{ if gt $value 3 }}{{ end }}",
        "3",
        "a number with decimals is not compared with a whole number",
    ),
    (
        "{{ if eq $labels.job 3.0 }}{{ end }}",
        "$labels.job",
        "a text is not compared with a number with decimals",
    ),
    ("{{ $value.foo }}", ".foo", "a number has no `.foo`"),
    ("{{ $labels.job.foo }}", ".foo", "a text has no `.foo`"),
    (
        "{{ query \"up\" | value }}",
        "|",
        "`value` is for one sample or number, and not for a list",
    ),
    (
        "{{ $value | toUpper }}",
        "|",
        "expected a text, found a number with decimals",
    ),
    ("{{ len $value }}", "$value", "a number has no length"),
    (
        "{{ template \"x\" }}",
        "\"x\"",
        "no template is called \"x\"",
    ),
    ("{{ $y = 1 }}", "$y", "`$y` is not declared: that is `:=`"),
    ("{{ nil }}", "nil", "`nil` is nothing to show or to ask for"),
    (
        "{{ range 5 }}{{ end }}",
        "5",
        "not every Prometheus goes through a number or text",
    ),
    (
        "{{ .Vaule }}",
        ".Vaule",
        "there is no `.Vaule` in the template of an alert",
    ),
    (
        "{{ $.labels.job }}",
        ".labels",
        "there is no `.labels` in the template of an alert",
    ),
];

/// What Go lets pass, although it does nothing.
const POINTLESS: &str = "{{ $value | }}";

/// What only newer releases, built with a newer Go, take.
const NEWER: &str = "{{ range 5 }}{{ end }}";

const HEAD: &str = "\
monospec: 1
service: { name: shop, owner: checkout }
scrape: { targets: ['shop:80'] }
metrics:
  orders_total: { type: counter, help: Orders. }
alerts:
";

/// What monospec finds in annotations, each the text's: the number of the alert, what is marked, and the message.
fn found(texts: &[&str]) -> Vec<(usize, String, String)> {
    let mut spec = HEAD.to_owned();
    for (i, text) in texts.iter().enumerate() {
        // A string of JSON is one of YAML.
        let text = json!(text);
        writeln!(
            spec,
            "  T{i}: {{ expr: 'sum by (job) (rate(orders_total[5m])) > 1', severity: info, summary: {text} }}"
        )
        .expect("a line");
    }
    let folder = Folder::new();
    let path = folder.write("monospec.yaml", &spec);
    let compilation = monospec::compile(&path).expect("a spec");
    let first = HEAD.lines().count() + 1;
    compilation
        .report
        .findings
        .iter()
        .filter(|finding| finding.code == "bad-template")
        .map(|finding| {
            let file = compilation.report.sources.file(finding.location.file);
            let (line, _) = file.line_column(finding.location.range.start);
            let marked = file.text[finding.location.range.clone()].replace("\\\"", "\"");
            (line - first, marked, finding.message.clone())
        })
        .collect()
}

/// What a release of promtool makes of a text; nothing if that is an error.
fn expanded(release: &str, text: &str) -> Option<String> {
    let folder = Folder::new();
    let rule = json!({ "alert": "A", "expr": "vector(0.3)", "annotations": { "said": text } });
    let rules = json!({ "groups": [{ "name": "g", "rules": [rule] }] });
    folder.write("rules.yml", rules.to_string());
    // The test expects no annotation; promtool tells what it got instead.
    let expected =
        json!({ "eval_time": "1m", "alertname": "A", "exp_alerts": [{ "exp_labels": {} }] });
    let tests =
        json!({ "rule_files": ["rules.yml"], "tests": [{ "alert_rule_test": [expected] }] });
    let tests = folder.write("tests.yml", tests.to_string());
    let output = Command::new(releases::program(release, "promtool"))
        .args(["test", "rules"])
        .arg(tests)
        .output()
        .expect("promtool starts");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let (_, got) = said.split_once("got:[")?;
    let fails = ["<error expanding template", "%!"]
        .iter()
        .any(|sign| got.contains(sign));
    (!fails).then(|| got.to_owned())
}

#[test]
fn what_expands_is_left_alone() {
    assert_eq!(found(RIGHT), []);
    for text in RIGHT {
        for release in ["2.42", "3"] {
            assert!(expanded(release, text).is_some(), "{release}: {text}");
        }
    }
}

#[test]
fn what_does_not_is_found() {
    let texts: Vec<_> = WRONG.iter().map(|(text, ..)| *text).collect();
    let expected: Vec<_> = WRONG
        .iter()
        .enumerate()
        .map(|(i, (_, marked, message))| (i, (*marked).to_owned(), (*message).to_owned()))
        .collect();
    assert_eq!(found(&texts), expected);
    for text in texts {
        let refusals = ["2.42", "3"].map(|release| expanded(release, text).is_none());
        let expected = match text {
            POINTLESS => [false, false],
            NEWER => [true, false],
            _ => [true, true],
        };
        assert_eq!(refusals, expected, "{text}");
    }
}
