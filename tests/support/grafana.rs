//! Says what is wrong with a Grafana dashboard: by Grafana's own schemas, and by what these do not say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// A file of the schemas.
macro_rules! schema {
    ($name:literal) => {
        include_str!(concat!("../grafana-schema/", $name, ".json"))
    };
}

/// Types of panels, and the schemas of their options and custom field settings.
const PANEL_TYPES: &[(&str, &str)] = &[
    ("bargauge", schema!("bargauge")),
    ("gauge", schema!("gauge")),
    ("heatmap", schema!("heatmap")),
    ("stat", schema!("stat")),
    ("state-timeline", schema!("statetimeline")),
    ("table", schema!("table")),
    ("text", schema!("text")),
    ("timeseries", schema!("timeseries")),
];

/// Types of panels that ask nothing.
const WITHOUT_TARGETS: &[&str] = &["text"];

/// Keys of a dashboard that would make it another one on every import, or ask for something when imported.
const FORBIDDEN: &[&str] = &["id", "version", "__inputs", "__requires", "__elements"];

/// The validators that all checks share: compiling them is most of the work.
struct Schemas {
    dashboard: Validator,
    row: Validator,
    panel: Validator,
    target: Validator,
    panels: BTreeMap<&'static str, PanelSchemas>,
    units: BTreeSet<String>,
}

struct PanelSchemas {
    options: Validator,
    custom: Option<Validator>,
}

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    let mut dashboard = parse(schema!("dashboard"));
    for pointer in [
        // Where Grafana takes any value, this schema says "object", because it is made from Go types: the value of an override
        // (`{"id": "unit", "value": "s"}`) and the options of its matcher (`{"id": "byName", "options": "p95"}`).
        "/definitions/DynamicConfigValue/properties/value",
        "/definitions/MatcherConfig/properties/options",
        // Either a panel or a row, which is checked for each of them: "neither" would say nothing of what is wrong.
        "/definitions/Dashboard/properties/panels/items",
    ] {
        *dashboard.pointer_mut(pointer).expect(pointer) = json!(true);
    }
    let units = parse(schema!("units"));
    let definitions = units["definitions"].as_object().expect("definitions");
    Schemas {
        dashboard: compile(&dashboard),
        row: compile(&definition(&dashboard, "RowPanel").expect("RowPanel")),
        panel: compile(&definition(&dashboard, "Panel").expect("Panel")),
        target: compile(
            &definition(&parse(schema!("prometheus")), "Dataquery").expect("Dataquery"),
        ),
        panels: PANEL_TYPES
            .iter()
            .map(|(name, schema)| {
                let mut schema = parse(schema);
                tell_cells_apart(&mut schema["definitions"]);
                let schemas = PanelSchemas {
                    options: compile(&definition(&schema, "Options").expect("Options")),
                    custom: definition(&schema, "FieldConfig").map(|schema| compile(&schema)),
                };
                (*name, schemas)
            })
            .collect(),
        units: definitions
            .values()
            .filter_map(|unit| Some(unit["const"].as_str()?.to_owned()))
            .collect(),
    }
});

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("a schema is JSON")
}

/// A schema that begins at one of the definitions.
fn definition(schema: &Value, name: &str) -> Option<Value> {
    let mut schema = schema.clone();
    schema["definitions"].get(name)?;
    schema["$ref"] = json!(format!("#/definitions/{name}"));
    Some(schema)
}

/// Mends the options of a table's cells: exactly one kind must match, but all of them allow every `type`, so that none ever is
/// the only one. What tells them apart is there as the default of `type`.
fn tell_cells_apart(definitions: &mut Value) {
    for (name, definition) in definitions.as_object_mut().into_iter().flatten() {
        let is_cell = name.starts_with("Table") && name.ends_with("CellOptions");
        if let Some(kind) = definition
            .pointer_mut("/properties/type")
            .filter(|_| is_cell)
        {
            *kind = json!({"const": kind["default"]});
        }
    }
}

fn compile(schema: &Value) -> Validator {
    jsonschema::draft7::new(schema).expect("a schema is valid")
}

/// Everything that is wrong with a dashboard, each with its place.
pub(crate) fn check_dashboard(dashboard: &Value) -> Vec<String> {
    let mut check = Check::default();
    check.schema(&SCHEMAS.dashboard, dashboard, "");
    check.top(dashboard);
    check.variables(dashboard);
    check.panels(dashboard);
    check.problems
}

#[derive(Default)]
struct Check {
    problems: Vec<String>,
}

impl Check {
    fn report(&mut self, at: &str, problem: impl std::fmt::Display) {
        self.problems.push(format!("{at}: {problem}"));
    }

    fn require(&mut self, holds: bool, at: &str, problem: &str) {
        if !holds {
            self.report(at, problem);
        }
    }

    fn schema(&mut self, schema: &Validator, value: &Value, at: &str) {
        for error in schema.iter_errors(value) {
            self.report(&format!("{at}{}", error.instance_path()), &error);
        }
    }

    fn top(&mut self, dashboard: &Value) {
        for key in FORBIDDEN {
            self.require(dashboard.get(key).is_none(), "", &format!("has `{key}`"));
        }
        let length = text(&dashboard["uid"]).chars().count();
        self.require(
            (8..=40).contains(&length),
            "/uid",
            "not of 8 to 40 characters",
        );
        for key in ["title", "description"] {
            self.require(
                !text(&dashboard[key]).is_empty(),
                &format!("/{key}"),
                "is empty",
            );
        }
        self.require(dashboard["editable"] == false, "/editable", "not false");
        self.require(dashboard["schemaVersion"] == 42, "/schemaVersion", "not 42");
    }

    /// What dashboard-linter wants of variables.
    fn variables(&mut self, dashboard: &Value) {
        let all = list(&dashboard["templating"]["list"]);
        let named = |name: &str| all.iter().find(|variable| variable["name"] == name);
        match named("datasource") {
            Some(variable) => {
                let right = variable["type"] == "datasource" && variable["label"] == "Data source";
                self.require(
                    right,
                    "/templating",
                    "`datasource` is not one, or not labelled so",
                );
            }
            None => self.report("/templating", "no variable `datasource`"),
        }
        for (name, label) in [("job", "Job"), ("instance", "Instance")] {
            match named(name) {
                Some(variable) => {
                    let right = variable["type"] == "query"
                        && variable["multi"] == true
                        && variable["allValue"] == ".+"
                        && variable["label"] == label;
                    self.require(
                        right,
                        "/templating",
                        &format!("`{name}` is not as it should be"),
                    );
                }
                None => self.report("/templating", format!("no variable `{name}`")),
            }
        }
        let mut names = BTreeSet::new();
        for variable in all {
            let name = text(&variable["name"]);
            self.require(
                names.insert(name),
                "/templating",
                &format!("two variables `{name}`"),
            );
            if variable["type"] == "query" {
                let right = variable["refresh"] == 2
                    && variable["query"].is_string()
                    && is_chosen(&variable["datasource"]);
                self.require(
                    right,
                    "/templating",
                    &format!("`{name}` is not asked as it should be"),
                );
            }
        }
    }

    fn panels(&mut self, dashboard: &Value) {
        let top = list(&dashboard["panels"]);
        self.require(!top.is_empty(), "/panels", "is empty");
        let mut ids = BTreeMap::new();
        self.beside(top, &mut ids);
        for row in top {
            let inner = list(&row["panels"]);
            self.require(
                inner.is_empty() != (row["collapsed"] == true),
                &format!("row `{}`", text(&row["title"])),
                "is open and holds panels, or collapsed and holds none",
            );
            // What a collapsed row holds takes no room beside the others.
            self.beside(inner, &mut ids);
            let y = |panel: &Value| panel["gridPos"]["y"].as_u64();
            for panel in inner {
                let at = format!("panel `{}`", text(&panel["title"]));
                self.require(y(panel) > y(row), &at, "is not below its row");
            }
        }
    }

    /// Panels on one grid.
    fn beside<'a>(&mut self, panels: &'a [Value], ids: &mut BTreeMap<u64, &'a str>) {
        let mut taken: Vec<(Rectangle, &str)> = Vec::new();
        for panel in panels {
            let title = text(&panel["title"]);
            let at = format!("panel `{title}`");
            self.require(!title.is_empty(), &at, "no title");
            let schema = match panel["type"] == "row" {
                true => &SCHEMAS.row,
                false => &SCHEMAS.panel,
            };
            self.schema(schema, panel, &at);
            match panel["id"].as_u64() {
                Some(id) if id > 0 => {
                    if let Some(other) = ids.insert(id, title) {
                        self.report(&at, format!("has the id of `{other}`"));
                    }
                }
                _ => self.report(&at, "no id"),
            }
            match Rectangle::of(&panel["gridPos"]) {
                Some(place) => {
                    self.require(place.w > 0 && place.h > 0, &at, "has no size");
                    self.require(place.x + place.w <= 24, &at, "leaves the 24 columns");
                    for (other, name) in &taken {
                        self.require(!place.overlaps(other), &at, &format!("overlaps `{name}`"));
                    }
                    taken.push((place, title));
                }
                None => self.report(&at, "no place"),
            }
            if panel["type"] != "row" {
                self.panel(panel, &at);
            }
        }
    }

    fn panel(&mut self, panel: &Value, at: &str) {
        self.require(
            !text(&panel["description"]).is_empty(),
            at,
            "no description",
        );
        let kind = text(&panel["type"]);
        let Some(schemas) = SCHEMAS.panels.get(kind) else {
            return self.report(at, format!("unknown type `{kind}`"));
        };
        self.schema(
            &schemas.options,
            &panel["options"],
            &format!("{at} options"),
        );
        let config = &panel["fieldConfig"];
        let custom = config["defaults"]["custom"].as_object();
        match (&schemas.custom, custom) {
            (Some(schema), Some(custom)) => {
                self.schema(
                    schema,
                    &Value::Object(custom.clone()),
                    &format!("{at} custom"),
                );
                self.overridden(schema, custom, config, at);
            }
            (None, Some(custom)) => self.require(custom.is_empty(), at, "has custom settings"),
            (_, None) => {}
        }
        self.units(config, at);
        self.thresholds(config, at);
        if !WITHOUT_TARGETS.contains(&kind) {
            self.require(
                is_chosen(&panel["datasource"]),
                at,
                "not of the chosen datasource",
            );
            self.targets(list(&panel["targets"]), at);
        }
    }

    /// Custom settings in overrides: each must be one that the defaults could have.
    fn overridden(
        &mut self,
        schema: &Validator,
        defaults: &Map<String, Value>,
        config: &Value,
        at: &str,
    ) {
        for property in properties(config) {
            if let Some(key) = text(&property["id"]).strip_prefix("custom.") {
                let mut custom = defaults.clone();
                custom.insert(key.to_owned(), property["value"].clone());
                self.schema(schema, &Value::Object(custom), &format!("{at} override"));
            }
        }
    }

    fn units(&mut self, config: &Value, at: &str) {
        let default = &config["defaults"]["unit"];
        self.require(default.is_string(), at, "no unit");
        let own = properties(config).filter(|property| property["id"] == "unit");
        let all = own.map(|property| &property["value"]).chain([default]);
        for unit in all.map(text) {
            let custom = ["suffix:", "prefix:", "time:", "si:", "count:", "currency:"]
                .iter()
                .any(|word| unit.strip_prefix(word).is_some_and(|rest| !rest.is_empty()));
            let known = custom || SCHEMAS.units.contains(unit);
            self.require(known, at, &format!("unknown unit `{unit}`"));
        }
    }

    fn thresholds(&mut self, config: &Value, at: &str) {
        let own = properties(config).filter(|property| property["id"] == "thresholds");
        let all = own.map(|property| &property["value"]);
        for thresholds in all.chain([&config["defaults"]["thresholds"]]) {
            let steps = list(&thresholds["steps"]);
            let first = steps.first().is_some_and(|step| step["value"].is_null());
            self.require(first, at, "the first threshold is not null");
            let values: Vec<_> = steps
                .iter()
                .skip(1)
                .map(|step| step["value"].as_f64())
                .collect();
            let ascending = values.iter().all(Option::is_some) && values.is_sorted_by(|a, b| a < b);
            self.require(ascending, at, "thresholds do not ascend");
        }
    }

    fn targets(&mut self, targets: &[Value], at: &str) {
        self.require(!targets.is_empty(), at, "asks nothing");
        let mut ids = BTreeSet::new();
        for target in targets {
            let id = text(&target["refId"]);
            let at = format!("{at} target {id}");
            self.schema(&SCHEMAS.target, target, &at);
            self.require(!id.is_empty() && ids.insert(id), &at, "no refId of its own");
            self.require(!text(&target["expr"]).is_empty(), &at, "no expression");
            self.require(
                is_chosen(&target["datasource"]),
                &at,
                "not of the chosen datasource",
            );
            let range = target["range"] == true;
            let instant = target["instant"] == true;
            self.require(
                range != instant,
                &at,
                "not either a range or an instant query",
            );
        }
    }
}

/// A place on the grid.
struct Rectangle {
    x: u64,
    y: u64,
    w: u64,
    h: u64,
}

impl Rectangle {
    fn of(grid_pos: &Value) -> Option<Self> {
        let side = |name: &str| grid_pos[name].as_u64();
        Some(Self {
            x: side("x")?,
            y: side("y")?,
            w: side("w")?,
            h: side("h")?,
        })
    }

    fn overlaps(&self, other: &Self) -> bool {
        let apart = |a: u64, size: u64, b: u64| a + size <= b;
        !(apart(self.x, self.w, other.x)
            || apart(other.x, other.w, self.x)
            || apart(self.y, self.h, other.y)
            || apart(other.y, other.h, self.y))
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Whether this is the Prometheus that is chosen on the dashboard.
fn is_chosen(datasource: &Value) -> bool {
    *datasource == json!({"type": "prometheus", "uid": "${datasource}"})
}

/// The properties of all overrides.
fn properties(config: &Value) -> impl Iterator<Item = &Value> {
    list(&config["overrides"])
        .iter()
        .flat_map(|one| list(&one["properties"]))
}
