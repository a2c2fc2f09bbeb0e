//! The body of an answer, whose end is the end of the request.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::recording::Recording;
use crate::bridge::HttpMetrics;

pin_project! {
    /// The body of another, frame by frame as it comes; the request is done when it ends, fails or is dropped.
    pub struct RecordedBody<B, M>
    where
        M: HttpMetrics,
    {
        #[pin]
        inner: B,
        recording: Option<Recording<M>>,
    }
}

impl<B: Body, M: HttpMetrics> RecordedBody<B, M> {
    pub(super) fn new(inner: B, recording: Option<Recording<M>>) -> Self {
        Self {
            // What is empty ends here: nobody has to ask for a frame of it.
            recording: recording.filter(|_| !inner.is_end_stream()),
            inner,
        }
    }
}

impl<B: Body, M: HttpMetrics> Body for RecordedBody<B, M> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let polled = this.inner.as_mut().poll_frame(cx);
        let ended = match &polled {
            Poll::Pending => false,
            Poll::Ready(Some(Ok(_))) => this.inner.is_end_stream(),
            Poll::Ready(Some(Err(_)) | None) => true,
        };
        if ended {
            *this.recording = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B: fmt::Debug, M: HttpMetrics> fmt::Debug for RecordedBody<B, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordedBody").field(&self.inner).finish()
    }
}
