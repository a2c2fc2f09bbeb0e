//! Where artefacts go.

use crate::diagnostics::{Finding, Findings};
use crate::model::Outputs;
use crate::spec::document::{Document, Output};
use crate::spec::{Environment, Place};

/// What stands for a dashboard's key.
const DASHBOARD: &str = "{dashboard}";

/// What stands for the name of an environment.
const ENVIRONMENT: &str = "{environment}";

/// An output.
struct Kind {
    key: &'static str,
    default: Option<&'static str>,
    /// Whether each environment has its own, and where that is by default.
    in_environment: Option<Option<&'static str>>,
}

/// The output that is a folder.
const FOLDERS: &[&str] = &["docs", "kubernetes"];

const PROMETHEUS: Kind = Kind {
    key: "prometheus",
    default: Some("generated/prometheus.yml"),
    in_environment: Some(Some("generated/{environment}/prometheus.yml")),
};
const SCRAPE: Kind = Kind {
    key: "scrape",
    default: None,
    in_environment: Some(None),
};
const ALERTS: Kind = Kind {
    key: "alerts",
    default: Some("generated/alerts.yml"),
    in_environment: Some(Some("generated/{environment}/alerts.yml")),
};
const ALERTMANAGER: Kind = Kind {
    key: "alertmanager",
    default: Some("generated/alertmanager.yml"),
    in_environment: Some(Some("generated/{environment}/alertmanager.yml")),
};
const ALERT_TESTS: Kind = Kind {
    key: "alert_tests",
    default: Some("generated/alerts_test.yml"),
    in_environment: Some(Some("generated/{environment}/alerts_test.yml")),
};
const GRAFANA: Kind = Kind {
    key: "grafana",
    default: Some("generated/grafana/{dashboard}.json"),
    in_environment: Some(Some("generated/{environment}/grafana/{dashboard}.json")),
};
const KUBERNETES: Kind = Kind {
    key: "kubernetes",
    default: Some("generated/kubernetes"),
    in_environment: Some(Some("generated/{environment}/kubernetes")),
};
const BLACKBOX: Kind = Kind {
    key: "blackbox",
    default: Some("generated/blackbox.yml"),
    in_environment: None,
};
const DOCS: Kind = Kind {
    key: "docs",
    default: None,
    in_environment: Some(None),
};
const SCHEMA: Kind = Kind {
    key: "schema",
    default: Some("generated/monospec.schema.json"),
    in_environment: None,
};
const RUST: Kind = Kind {
    key: "rust",
    default: None,
    in_environment: None,
};

/// Resolves the outputs of an environment, or of a spec that has none.
pub(super) fn resolve(
    document: &Document,
    environment: Option<&Environment>,
    findings: &mut Findings,
) -> Outputs {
    let written = document.outputs.as_ref().and_then(|o| o.sound());
    let alertmanager = written.and_then(|o| o.alertmanager.as_ref());
    let kubernetes = written.and_then(|o| o.kubernetes.as_ref());
    let blackbox = written.and_then(|o| o.blackbox.as_ref());
    for (key, output, section, is_there) in [
        (
            "alertmanager",
            alertmanager,
            "notify",
            document.notify.is_some(),
        ),
        (
            "kubernetes",
            kubernetes,
            "kubernetes",
            document.kubernetes.is_some(),
        ),
        ("blackbox", blackbox, "health", document.health.is_some()),
    ] {
        let nowhere = !is_there && environment.is_none() && !document.has_gaps;
        if nowhere && matches!(output, Some(Output::Path(_))) {
            findings.push(Finding::error(
                "missing-key",
                Place::root().child("outputs").child(key).key(),
                format!("there is no `{section}:` to write"),
            ));
        }
    }
    let is_probed = document
        .kubernetes
        .as_ref()
        .and_then(|kubernetes| kubernetes.sound())
        .is_some_and(|kubernetes| kubernetes.probe.is_some());
    let mut resolver = Resolver {
        environment,
        // What should be there could not be read.
        environments_unknown: environment.is_none() && document.has_gaps,
        taken: Vec::new(),
        folders: Vec::new(),
        findings,
    };
    let mut path = |kind: Kind, output: Option<&Output>| {
        let path = match output {
            Some(Output::Off) => return None,
            // A folder may be written as one.
            Some(Output::Path(path)) if FOLDERS.contains(&kind.key) => {
                path.strip_suffix('/').unwrap_or(path)
            }
            Some(Output::Path(path)) => path,
            None => match kind.in_environment.filter(|_| environment.is_some()) {
                Some(default) => default?,
                None => kind.default?,
            },
        };
        Some(resolver.path(&kind, path))
    };
    Outputs {
        prometheus: path(PROMETHEUS, written.and_then(|o| o.prometheus.as_ref())),
        scrape: path(SCRAPE, written.and_then(|o| o.scrape.as_ref())),
        alerts: path(ALERTS, written.and_then(|o| o.alerts.as_ref())),
        alertmanager: match document.notify {
            Some(_) => path(ALERTMANAGER, alertmanager),
            None => None, // and nothing to write
        },
        alert_tests: path(ALERT_TESTS, written.and_then(|o| o.alert_tests.as_ref())),
        grafana: path(GRAFANA, written.and_then(|o| o.grafana.as_ref())),
        kubernetes: match document.kubernetes {
            Some(_) => path(KUBERNETES, kubernetes),
            None => None,
        },
        blackbox: match document.health {
            Some(_) if is_probed || blackbox.is_some() => path(BLACKBOX, blackbox),
            _ => None,
        },
        docs: path(DOCS, written.and_then(|o| o.docs.as_ref())),
        schema: path(SCHEMA, written.and_then(|o| o.schema.as_ref())),
        rust: path(RUST, written.and_then(|o| o.rust.as_ref())),
        folders: resolver.folders,
    }
}

struct Resolver<'a> {
    environment: Option<&'a Environment>,
    environments_unknown: bool,
    /// The paths of all environments, and whose they are.
    taken: Vec<(String, &'static str)>,
    /// The folders in which the environments have theirs.
    folders: Vec<String>,
    findings: &'a mut Findings,
}

impl Resolver<'_> {
    /// The path of this environment.
    fn path(&mut self, kind: &Kind, path: &str) -> String {
        let place = Place::root().child("outputs").child(kind.key);
        let problem = self
            .unknown_placeholder(kind, path)
            .or_else(|| self.environment_problem(kind, path))
            .or_else(|| Some((problem(kind.key, path)?, None)))
            .or_else(|| Some((self.collision(kind.key, path)?, None)));
        if let Some((message, help)) = problem {
            let mut finding = Finding::error("bad-path", place, message);
            finding.help = help;
            self.findings.push(finding);
        }
        let all = self.everywhere(path);
        self.taken.extend(all.map(|path| (path, kind.key)));
        if let Some((before, _)) = path.split_once(ENVIRONMENT)
            && let Some((folder, _)) = before.rsplit_once('/')
        {
            self.folders.push(folder.to_owned());
        }
        match self.environment {
            Some(environment) => path.replace(ENVIRONMENT, &environment.name),
            None => path.to_owned(),
        }
    }

    /// The path in every environment.
    fn everywhere(&self, path: &str) -> impl Iterator<Item = String> + use<> {
        let paths: Vec<String> = match self.environment {
            Some(environment) if path.contains(ENVIRONMENT) => {
                let names = environment.all.iter();
                names.map(|name| path.replace(ENVIRONMENT, name)).collect()
            }
            _ => vec![path.to_owned()],
        };
        paths.into_iter()
    }

    /// A word in braces that stands for nothing, and the path with the one that it is put for.
    fn unknown_placeholder(&self, kind: &Kind, path: &str) -> Option<(String, Option<String>)> {
        let mut words = path.split('{').skip(1);
        let unknown = words.find_map(|rest| {
            let placeholder = format!("{{{}}}", rest.split_once('}')?.0);
            let known = [DASHBOARD, ENVIRONMENT].contains(&placeholder.as_str());
            (!known).then_some(placeholder)
        })?;
        let differs = self.environment.is_some() && kind.in_environment.is_some();
        let meant = if differs && !path.contains(ENVIRONMENT) {
            Some(ENVIRONMENT)
        } else if kind.key == "grafana" && !path.contains(DASHBOARD) {
            Some(DASHBOARD)
        } else {
            None
        };
        let help = meant.map(|meant| format!("perhaps `{}`", path.replacen(&unknown, meant, 1)));
        Some((format!("`{unknown}` stands for nothing"), help))
    }

    fn environment_problem(&self, kind: &Kind, path: &str) -> Option<(String, Option<String>)> {
        let key = kind.key;
        match (path.contains(ENVIRONMENT), kind.in_environment) {
            (true, None) => Some((
                format!("`{key}` is the same in all environments: it has no `{ENVIRONMENT}`"),
                None,
            )),
            (true, Some(_)) if self.environment.is_none() && !self.environments_unknown => Some((
                format!("`{ENVIRONMENT}` stands for nothing: the spec has no `environments:`"),
                None,
            )),
            (false, Some(_)) if self.environment.is_some() => {
                let name = path.rfind('/').map_or(0, |slash| slash + 1);
                let (folder, name) = path.split_at(name);
                Some((
                    format!("every environment has its own: the path needs `{ENVIRONMENT}`"),
                    Some(format!("for example `{folder}{ENVIRONMENT}/{name}`")),
                ))
            }
            _ => None,
        }
    }

    /// Two outputs that cannot both be.
    fn collision(&self, key: &str, path: &str) -> Option<String> {
        let below = |path: &str, folder: &str| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        self.everywhere(path).find_map(|path| {
            self.taken.iter().find_map(|(taken, other)| {
                if *taken == path {
                    Some(format!("`{other}` and `{key}` would be the same file"))
                } else if let Some(folder) = [(key, below(taken, &path)), (*other, below(&path, taken))]
                    .iter()
                    .find_map(|(of, is_below)| (*is_below && FOLDERS.contains(of)).then_some(of))
                {
                    Some(format!("`{folder}` has its folder for itself: `{other}` and `{key}` cannot both be there"))
                } else if below(taken, &path) || below(&path, taken) {
                    Some(format!(
                        "`{other}` and `{key}` cannot both be: one file would be the folder of the other"
                    ))
                } else {
                    None
                }
            })
        })
    }
}

/// Bytes that every system takes as the name of a file: `NAME_MAX` of Linux, macOS and the BSDs.
const MAX_NAME: usize = 255;

/// Bytes that every system takes as a path: `PATH_MAX` of macOS and the BSDs, the folder of the project not counted.
const MAX_PATH: usize = 1024;

/// What is wrong with a path, if anything: artefacts stay inside the project.
fn problem(key: &str, path: &str) -> Option<String> {
    if path.is_empty() || path.ends_with('/') {
        let what = if FOLDERS.contains(&key) {
            "folder"
        } else {
            "file"
        };
        return Some(format!("`{path}` is not a {what}"));
    }
    if path.starts_with('/') || path.contains('\\') || path.contains(':') {
        return Some("a path is relative to the project, with `/` between folders".to_owned());
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Some("a path stays inside the project, without `.` and `..`".to_owned());
    }
    if path.chars().any(char::is_control) {
        return Some("a path has no control characters".to_owned());
    }
    if path.len() > MAX_PATH || path.split('/').any(|part| part.len() > MAX_NAME) {
        return Some(format!(
            "no system has such a long path: {MAX_NAME} bytes for a name, {MAX_PATH} for all of it"
        ));
    }
    // What Go's filepath.Match reads as a pattern.
    let pattern = |c: char| matches!(c, '*' | '?' | '[');
    let reader = match key {
        "alerts" | "scrape" => Some("Prometheus"),
        "alertmanager" => Some("Alertmanager"),
        _ => None,
    };
    if let (Some(reader), Some(c)) = (reader, path.chars().find(|c| pattern(*c))) {
        return Some(format!(
            "{reader} would take the `{c}` for a part of a pattern"
        ));
    }
    if key == "alertmanager" && path.ends_with(".tmpl") {
        return Some("its templates stand beside it, in a file that ends so".to_owned());
    }
    match path.matches(DASHBOARD).count() {
        0 if key == "grafana" => Some(format!(
            "there may be several dashboards: the path needs `{DASHBOARD}`"
        )),
        0 => None,
        _ if key != "grafana" => Some(format!("only `grafana` knows `{DASHBOARD}`")),
        1 => None,
        _ => Some(format!("`{DASHBOARD}` stands there more than once")),
    }
}
