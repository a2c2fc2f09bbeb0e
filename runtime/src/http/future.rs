//! A request that is being answered.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ::http::{Response, StatusCode};
use http_body::Body;
use pin_project_lite::pin_project;

use super::body::RecordedBody;
use super::recording::Recording;
use crate::bridge::HttpMetrics;

pin_project! {
    /// The future of an [`HttpService`](super::HttpService).
    pub struct ResponseFuture<F, M>
    where
        M: HttpMetrics,
    {
        #[pin]
        inner: F,
        // None: the request is not recorded, or no longer by this.
        recording: Option<Recording<M>>,
    }
}

impl<F, M: HttpMetrics> ResponseFuture<F, M> {
    pub(super) fn new(inner: F, recording: Option<Recording<M>>) -> Self {
        Self { inner, recording }
    }
}

impl<F, M, B, E> Future for ResponseFuture<F, M>
where
    F: Future<Output = Result<Response<B>, E>>,
    M: HttpMetrics,
    B: Body,
{
    type Output = Result<Response<RecordedBody<B, M>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let polled = Recording::run(this.recording, || this.inner.poll(cx));
        let result = ready!(polled);
        let mut recording = this.recording.take();
        if let Some(recording) = &mut recording {
            recording.answered(match &result {
                Ok(response) => response.status(),
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
            });
        }
        Poll::Ready(result.map(|response| response.map(|body| RecordedBody::new(body, recording))))
    }
}

impl<F, M: HttpMetrics> fmt::Debug for ResponseFuture<F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
