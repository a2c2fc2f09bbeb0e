//! Which route a request takes.

use std::fmt;
use std::sync::Arc;

use ::http::Request;

/// The route of a request as it was declared, such as `/users/{id}`.
///
/// It is made from a string, from axum's `MatchedPath` with the feature `axum`, and from an option of these, of which none
/// is [`UNMATCHED`](Self::UNMATCHED).
#[derive(Clone)]
pub struct Route(Name);

#[derive(Clone)]
enum Name {
    Unmatched,
    Static(&'static str),
    Shared(Arc<str>),
    #[cfg(feature = "axum")]
    Matched(::axum::extract::MatchedPath),
}

impl Route {
    /// The route of requests that no route takes: `unmatched`. Their paths are whatever anybody can think of, and would be a
    /// series each.
    pub const UNMATCHED: Self = Self(Name::Unmatched);

    /// The value of the label.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Name::Unmatched => "unmatched",
            Name::Static(route) => route,
            Name::Shared(route) => route,
            #[cfg(feature = "axum")]
            Name::Matched(route) => route.as_str(),
        }
    }

    pub(super) fn is_matched(&self) -> bool {
        !matches!(self.0, Name::Unmatched)
    }
}

impl From<&'static str> for Route {
    fn from(route: &'static str) -> Self {
        Self(Name::Static(route))
    }
}

impl From<Arc<str>> for Route {
    fn from(route: Arc<str>) -> Self {
        Self(Name::Shared(route))
    }
}

impl From<String> for Route {
    fn from(route: String) -> Self {
        Self(Name::Shared(route.into()))
    }
}

#[cfg(feature = "axum")]
impl From<::axum::extract::MatchedPath> for Route {
    fn from(route: ::axum::extract::MatchedPath) -> Self {
        Self(Name::Matched(route))
    }
}

impl<R: Into<Self>> From<Option<R>> for Route {
    fn from(route: Option<R>) -> Self {
        route.map_or(Self::UNMATCHED, Into::into)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Route").field(&self.as_str()).finish()
    }
}

/// Finds the route of a request: a function from `&Request<B>` to what makes a [`Route`], or [`Matched`].
pub trait FindRoute<B> {
    /// The route of this request.
    fn find(&self, request: &Request<B>) -> Route;
}

impl<B, F, R> FindRoute<B> for F
where
    F: Fn(&Request<B>) -> R,
    R: Into<Route>,
{
    fn find(&self, request: &Request<B>) -> Route {
        self(request).into()
    }
}

/// The route that axum has matched. Without the feature `axum` none is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Matched;

impl<B> FindRoute<B> for Matched {
    #[cfg(feature = "axum")]
    fn find(&self, request: &Request<B>) -> Route {
        let matched = request.extensions().get::<::axum::extract::MatchedPath>();
        matched.cloned().into()
    }

    #[cfg(not(feature = "axum"))]
    fn find(&self, _: &Request<B>) -> Route {
        Route::UNMATCHED
    }
}
