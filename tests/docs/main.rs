//! The pages of `outputs.docs`, read by what renders them: every link leads somewhere, and back.
#![cfg(feature = "cli")]

#[path = "../support/folder.rs"]
mod folder;
mod hostile;
#[path = "../support/texts.rs"]
mod texts;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use folder::Folder;
use monospec::model::Model;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The pages of a model by their paths in its folder.
type Book = BTreeMap<String, String>;

/// A page as a reader of Markdown sees it.
#[derive(Default)]
struct Page {
    /// Anchors of its headings, in order.
    anchors: Vec<String>,
    /// Where links lead, each below the heading with this index.
    links: Vec<(usize, String)>,
    /// The columns of each row of its tables.
    rows: Vec<usize>,
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH
}

fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut heading: Option<String> = None;
    let mut seen: HashMap<String, usize> = HashMap::new();
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let slug = github_slug(&heading.take().expect("a heading"));
                let count = seen.entry(slug.clone()).or_default();
                page.anchors.push(match *count {
                    0 => slug,
                    n => format!("{slug}-{n}"),
                });
                *count += 1;
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                page.links.push((page.anchors.len(), dest_url.to_string()));
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => page.rows.push(0),
            Event::Start(Tag::TableCell) => *page.rows.last_mut().expect("a row") += 1,
            _ => {}
        }
    }
    page
}

/// As [github-slugger](https://github.com/Flet/github-slugger) has it, for the letters that occur.
fn github_slug(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The pages of each model of a spec that asks for them.
fn books(spec: &Path) -> Vec<Book> {
    let compilation = monospec::compile(spec).expect("a spec");
    compilation.models.iter().filter_map(book).collect()
}

fn book(model: &Model) -> Option<Book> {
    let folder = format!("{}/", model.outputs.docs.as_ref()?);
    let artifacts = monospec::targets::render(model, Some(&["docs"]));
    let pages = artifacts.iter().map(|(path, bytes)| {
        let name = path.strip_prefix(&folder).expect("it is in the folder");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        (name.to_owned(), text)
    });
    Some(pages.collect())
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/monospec.yaml")
}

/// The books of the example and of every case that has one.
fn all() -> Vec<(String, Book)> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/right");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(golden)
        .expect("the folder of the cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    cases.sort();
    let cases = cases.into_iter().map(|case| {
        let name = case.file_name().expect("a name").to_string_lossy();
        (name.into_owned(), case.join("monospec.yaml"))
    });
    let specs = cases.chain([("the example".to_owned(), example())]);
    let books: Vec<(String, Book)> = specs
        .flat_map(|(name, spec)| {
            books(&spec)
                .into_iter()
                .map(move |book| (name.clone(), book))
        })
        .collect();
    assert!(books.len() > 4, "{} books", books.len());
    books
}

/// The page and the anchor that a relative link leads to; nothing for those that leave.
fn target(from: &str, link: &str) -> Option<(String, Option<String>)> {
    if link.contains("://") {
        return None;
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (link, None),
    };
    let path = match (path.strip_prefix("../"), from.split_once('/')) {
        (Some(path), Some(_)) => path.to_owned(),
        (None, Some((folder, _))) => format!("{folder}/{path}"),
        (_, None) => path.to_owned(),
    };
    Some((path, anchor))
}

/// The heading below which an anchor's section stands, counted as in [`Page::links`].
fn section(page: &Page, anchor: &str) -> usize {
    let found = page.anchors.iter().position(|known| known == anchor);
    found.expect("the anchor is there") + 1
}

#[test]
fn every_link_leads_somewhere() {
    let mut count = 0;
    for (name, book) in all() {
        let pages: BTreeMap<&str, Page> = book
            .iter()
            .map(|(path, text)| (&**path, read(text)))
            .collect();
        for (from, page) in &pages {
            for (_, link) in &page.links {
                let Some((path, anchor)) = target(from, link) else {
                    continue;
                };
                let there = pages.get(&*path);
                let there = there.unwrap_or_else(|| panic!("{name}: {from}: {link}: no such page"));
                if let Some(anchor) = anchor {
                    let known = there.anchors.contains(&anchor);
                    assert!(
                        known,
                        "{name}: {from}: {link}: no such heading: {:?}",
                        there.anchors
                    );
                }
                count += 1;
            }
        }
    }
    assert!(count > 200, "{count} links");
}

#[test]
fn links_lead_both_ways() {
    let mut count = 0;
    for (name, book) in all() {
        let pages: BTreeMap<&str, Page> = book
            .iter()
            .map(|(path, text)| (&**path, read(text)))
            .collect();
        let alerts = pages.keys().filter(|path| path.starts_with("alerts/"));
        let metrics = &pages["metrics.md"];
        for alert in alerts {
            let read: BTreeSet<usize> = pages[alert]
                .links
                .iter()
                .filter_map(|(_, link)| target(alert, link))
                .filter(|(path, _)| path == "metrics.md")
                .map(|(_, anchor)| section(metrics, &anchor.expect("a metric")))
                .collect();
            let told: BTreeSet<usize> = metrics
                .links
                .iter()
                .filter(|(_, link)| {
                    target("metrics.md", link).is_some_and(|(path, _)| path == **alert)
                })
                .map(|(section, _)| *section)
                .collect();
            assert_eq!(read, told, "{name}: {alert}");
            count += told.len();
            for list in ["README.md", "SUMMARY.md"] {
                let links = pages[list].links.iter();
                let listed = links.filter(|(_, link)| link == alert).count();
                assert_eq!(listed, 1, "{name}: {alert} in {list}");
            }
        }
        if let Some(objectives) = pages.get("objectives.md") {
            for (at, link) in &objectives.links {
                let (path, anchor) = target("objectives.md", link).expect("a page");
                let back = format!("#{}", objectives.anchors[at - 1]);
                let mut links = pages[&*path].links.iter();
                let found = links.any(|(below, link)| {
                    let here = anchor
                        .as_ref()
                        .is_none_or(|it| section(&pages[&*path], it) == *below);
                    here && link.contains("objectives.md") && link.ends_with(&back)
                });
                assert!(
                    found,
                    "{name}: objectives.md: {link} does not lead back to {back}"
                );
            }
        }
    }
    assert!(count > 20, "{count} pairs");
}

#[test]
fn tables_keep_their_columns() {
    let mut count = 0;
    for (name, book) in all() {
        for (path, text) in &book {
            for (row, columns) in text
                .lines()
                .filter(|line| line.starts_with('|'))
                .zip(read(text).rows)
            {
                let expected = match &**path {
                    "flags.md" => 5,
                    "health.md" => 7,
                    "README.md" => 3,
                    _ => continue, // what the spec says itself
                };
                assert_eq!(columns, expected, "{name}: {path}: {row}");
                count += 1;
            }
        }
    }
    assert!(count > 30, "{count} rows");
}

/// mdBook, from PyPI.
fn mdbook() -> Command {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/mdbook");
    assert!(
        program.is_file(),
        "{} is missing: scripts/test installs it",
        program.display()
    );
    Command::new(program)
}

#[test]
fn mdbook_renders_every_page() {
    let folder = Folder::new();
    for (number, (name, book)) in all().into_iter().enumerate() {
        for (path, text) in &book {
            folder.write(&format!("{number}/src/{path}"), text);
        }
        folder.write(&format!("{number}/book.toml"), "[book]\ntitle = \"docs\"\n");
        let root = folder.path().join(number.to_string());
        let output = mdbook()
            .arg("build")
            .arg(&root)
            .output()
            .expect("mdbook starts");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{name}: {said}");
        assert!(
            !said.contains("WARN") && !said.contains("ERROR"),
            "{name}: {said}"
        );
        let html = |path: &str| {
            let path = path
                .replace("README.md", "index.md")
                .replace(".md", ".html");
            let path = root.join("book").join(path);
            std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name}: {}", path.display()))
        };
        for (path, text) in book.iter().filter(|(path, _)| *path != "SUMMARY.md") {
            let page = html(path);
            assert!(
                !page.contains("root:x:0"),
                "{name}: {path} shows another file"
            );
            for (_, link) in read(text).links {
                let Some((to, anchor)) = target(path, &link) else {
                    continue;
                };
                let there = html(&to);
                if let Some(anchor) = anchor {
                    let id = format!("id=\"{anchor}\"");
                    assert!(there.contains(&id), "{name}: {path}: {link}");
                }
            }
        }
    }
}
