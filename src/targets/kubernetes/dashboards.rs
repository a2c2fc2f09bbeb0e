//! A ConfigMap a dashboard, for
//! [Grafana's sidecar](https://github.com/grafana/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards).

use serde::Serialize;

use super::{Context, Files, Metadata};
use crate::model::Model;
use crate::model::kubernetes::slug;
use crate::model::monitoring::Dashboard;
use crate::targets::grafana;
use crate::targets::yaml::{Pairs, Texts};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfigMap<'a> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata<'a>,
    data: Texts<'a>,
}

pub(super) fn render(context: Context<'_>, files: &mut Files) {
    let mut labels = context.kubernetes.labels.clone();
    labels.push(("grafana_dashboard".to_owned(), "1".to_owned()));
    for dashboard in &context.model.monitoring.dashboards {
        let data = [(
            file(dashboard, context.model),
            grafana::json(dashboard, context.model),
        )];
        let config_map = ConfigMap {
            api_version: "v1",
            kind: "ConfigMap",
            metadata: Metadata {
                labels: Pairs(&labels),
                ..context.metadata(context.name_of(&dashboard.key))
            },
            data: Texts(&data),
        };
        let name = format!("configmap-{}.yaml", slug(&dashboard.key));
        files.add(name, context, &config_map);
    }
}

/// The sidecar puts the files of all ConfigMaps into one folder.
fn file(dashboard: &Dashboard, model: &Model) -> String {
    let service = grafana::provisioning::file_name(model);
    format!("{service}-{}.json", slug(&dashboard.key))
}

/// The bytes of the data of each.
pub(super) fn sizes(model: &Model) -> impl Iterator<Item = (&Dashboard, usize)> {
    let dashboards = model.monitoring.dashboards.iter();
    dashboards.map(|dashboard| {
        let bytes = file(dashboard, model).len() + grafana::json(dashboard, model).len();
        (dashboard, bytes)
    })
}
