use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::Encoding;

/// What is held back until it is worth a chunk.
const CHUNK: usize = 16 * 1024;

/// Where a format writes: whole families leave it in chunks.
pub(super) struct Chunks<'a> {
    buffer: Vec<u8>,
    /// Where the family begins that is being written.
    family: usize,
    gzip: Option<GzEncoder<Vec<u8>>>,
    emit: &'a mut dyn FnMut(Bytes),
}

impl<'a> Chunks<'a> {
    pub(super) fn new(encoding: Encoding, emit: &'a mut dyn FnMut(Bytes)) -> Self {
        let gzip = match encoding {
            Encoding::Identity => None,
            Encoding::Gzip => Some(GzEncoder::new(Vec::new(), Compression::fast())),
        };
        Self { buffer: Vec::with_capacity(2 * CHUNK), family: 0, gzip, emit }
    }

    #[inline]
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// The family is whole.
    pub(super) fn end_family(&mut self) {
        if self.buffer.len() >= CHUNK {
            self.send();
        }
        self.family = self.buffer.len();
    }

    /// Takes back what the family has so far.
    pub(super) fn abandon_family(&mut self) {
        self.buffer.truncate(self.family);
    }

    pub(super) fn finish(mut self) {
        self.send();
        if let Some(Ok(rest)) = self.gzip.map(GzEncoder::finish) {
            (self.emit)(rest.into());
        }
    }

    fn send(&mut self) {
        let chunk = match &mut self.gzip {
            None => std::mem::replace(&mut self.buffer, Vec::with_capacity(2 * CHUNK)),
            Some(gzip) => {
                // A vector takes everything.
                let _ = gzip.write_all(&self.buffer);
                self.buffer.clear();
                std::mem::take(gzip.get_mut())
            }
        };
        if !chunk.is_empty() {
            (self.emit)(chunk.into());
        }
    }
}
