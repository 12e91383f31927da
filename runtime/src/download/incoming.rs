//! The file behind a download, piece by piece.

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use crate::digits;
use crate::error::Error;
use crate::json::Nesting;
use crate::message::{Body, Reply};

/// Takes the bytes so far, and the length if it is known.
type Progress = dyn FnMut(u64, Option<u64>) + Send + Sync;

/// The file behind a [`Download`], whatever was declared in its place: reading it is compiled once.
pub(crate) struct Incoming {
    pub(super) reply: Reply,
    /// The bytes that have been handed out.
    pub(super) received: u64,
    pub(super) progress: Option<Box<Progress>>,
}

impl Incoming {
    pub(super) fn new(reply: Reply) -> Self {
        Self { reply, received: 0, progress: None }
    }

    pub(super) fn length(&self) -> Option<u64> {
        // HTTP gives no meaning to a length beside a transfer coding.
        if self.reply.headers.contains_key(TRANSFER_ENCODING) {
            return None;
        }
        digits::number(self.reply.header(CONTENT_LENGTH.as_str())?)
    }

    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = match &mut self.reply.body {
            Body::Whole(body) if body.is_empty() => None,
            Body::Whole(body) => Some(std::mem::take(body)),
            Body::Stream(stream) => stream.next().await?,
        };
        let total = self.length();
        if let Some(bytes) = &chunk {
            self.received += bytes.len() as u64;
            if let Some(progress) = &mut self.progress {
                progress(self.received, total);
            }
        }
        // At the end nothing is missing: hyper reports a body that is shorter than announced.
        Ok(chunk)
    }

    pub(super) async fn whole(mut self) -> Result<Bytes, Error> {
        let limit = match &self.reply.body {
            Body::Whole(_) => usize::MAX,
            Body::Stream(stream) => stream.limit(),
        };
        let mut body = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if chunk.len() > limit - body.len() {
                return Err(Error::too_large(limit).in_operation(self.reply.info));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// The reply with its whole body in memory.
    pub(super) async fn in_memory(self) -> Result<Reply, Error> {
        let reply = &self.reply;
        let (info, status, variant) = (reply.info, reply.status, reply.variant);
        let allowance = reply.allowance;
        let (headers, selected) = (reply.headers.clone(), reply.selected.clone());
        let body = self.whole().await?;
        if Nesting::default().is_excessive(&body) {
            return Err(Error::too_deep().in_operation(info));
        }
        let body = Body::Whole(body);
        Ok(Reply { info, status, headers, body, selected, allowance, variant })
    }
}
