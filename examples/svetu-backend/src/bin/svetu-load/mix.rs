//! What is asked for.

use std::str::FromStr;

use axum::body::Body;
use axum::http::{Error, Method, Request};

/// So many attributes are read and written.
const NAMES: usize = 50;

/// More characters than the old model takes, and fewer than the unified one does.
const LONG: usize = 300;

pub(crate) const HELP: &str = "\
What a mix can have:
  read    an attribute, that the cache may have
  miss    an attribute that there is not
  list    every attribute
  write   an attribute
  long    an attribute that only the unified model takes: a dual write fails
  delete  an attribute
  /path   GET of this path";

/// Requests, each as often as its weight says.
#[derive(Clone, Debug)]
pub(crate) struct Mix(Vec<(Kind, u32)>);

#[derive(Clone, Debug)]
enum Kind {
    Read,
    Miss,
    List,
    Write,
    Long,
    Delete,
    Path(String),
}

impl FromStr for Mix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(part).collect::<Result<Vec<_>, _>>()?;
        if parts.iter().all(|(_, weight)| *weight == 0) {
            return Err("it has no weight".to_owned());
        }
        Ok(Self(parts))
    }
}

fn part(text: &str) -> Result<(Kind, u32), String> {
    let (kind, weight) = text.rsplit_once('=').unwrap_or((text, "1"));
    let kind = match kind {
        "read" => Kind::Read,
        "miss" => Kind::Miss,
        "list" => Kind::List,
        "write" => Kind::Write,
        "long" => Kind::Long,
        "delete" => Kind::Delete,
        path if path.starts_with('/') => Kind::Path(path.to_owned()),
        other => return Err(format!("`{other}` is none of its words")),
    };
    // Narrow, so that the sum of them fits into what it is counted in.
    let weight: u16 = weight
        .parse()
        .map_err(|error| format!("`{weight}` is not a weight: {error}"))?;
    Ok((kind, weight.into()))
}

impl Mix {
    /// A request to the service at this address.
    pub(crate) fn request(&self, url: &str) -> Result<Request<Body>, Error> {
        let attribute = format!("/api/v2/attributes/load-{}", fastrand::usize(..NAMES));
        let (method, path, value) = match self.pick() {
            Kind::Read => (Method::GET, attribute, None),
            Kind::Miss => {
                let path = format!("/api/v2/attributes/none-{}", fastrand::u64(..));
                (Method::GET, path, None)
            }
            Kind::List => {
                let version = fastrand::choice(["v1", "v2"]).unwrap_or("v2");
                (Method::GET, format!("/api/{version}/attributes"), None)
            }
            Kind::Write => (Method::PUT, attribute, Some(8)),
            Kind::Long => (Method::PUT, attribute, Some(LONG)),
            Kind::Delete => (Method::DELETE, attribute, None),
            Kind::Path(path) => (Method::GET, path.clone(), None),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{url}{path}"));
        match value {
            None => request.body(Body::empty()),
            Some(length) => {
                let value = fastrand::lowercase().to_string().repeat(length);
                request
                    .header("content-type", "application/json")
                    .body(format!("{{\"value\":\"{value}\"}}").into())
            }
        }
    }

    fn pick(&self) -> &Kind {
        let total: u32 = self.0.iter().map(|(_, weight)| weight).sum();
        let mut left = fastrand::u32(..total);
        for (kind, weight) in &self.0 {
            if left < *weight {
                return kind;
            }
            left -= weight;
        }
        &Kind::Read // not reached: what is left was less than the total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_has_words_and_weights() {
        assert!("read".parse::<Mix>().is_ok());
        assert!("read=85,/health/ready=5".parse::<Mix>().is_ok());
        for wrong in ["", "read=0", "read=-1", "reed=1", "read=1,", "read=70000"] {
            assert!(wrong.parse::<Mix>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_has_no_weight_is_not_asked_for() {
        let mix: Mix = "write=0,/only=3,list=0".parse().expect("a mix");
        for _ in 0..100 {
            let request = mix.request("http://localhost").expect("a request");
            assert_eq!(request.uri().path(), "/only");
        }
    }
}
