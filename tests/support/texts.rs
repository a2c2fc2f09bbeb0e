//! Texts that a spec should be able to hold anywhere.

/// Texts that would break out of whatever they stand in.
pub(crate) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "plain",
        "\"",
        "'",
        "\\",
        "\\\" \\n",
        "a\nb",
        "a\r\nb",
        "tab\tend ",
        " leading",
        "*/ /* // #",
        "# not a comment",
        "- not: a list",
        "{{ $labels.job }}",
        "{{ printf \"%s\" }}",
        "{{",
        "}}",
        "{threshold}",
        "{nothing}",
        "{",
        "${datasource} $job [[job]]",
        "%d %s %%",
        "null",
        "yes",
        "0x10",
        "1e3",
        "2020-01-01",
        "12:30:45",
        "~",
        "!tag &anchor *alias",
        "| >",
        "`code` <b> &amp; [a](b)",
        "ü 漢字 👩\u{200d}🚀 a\u{301}",
        "\u{202e}\u{2066}\u{200f}",
        "\u{2028}\u{2029}\u{85}\u{feff}",
        "\u{0}",
        "\u{1}\u{7f}",
        "",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("x\\\"'*/{ ".repeat(1_250));
    texts
}
