//! Expositions, compressed.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The text, compressed. The lines repeat each other so much that the fastest level is enough.
pub(super) fn compress(text: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 8), Compression::fast());
    // Writing to a vector does not fail.
    encoder.write_all(text).ok()?;
    encoder.finish().ok()
}
