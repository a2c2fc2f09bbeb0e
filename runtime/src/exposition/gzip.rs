//! Expositions, compressed.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The text, compressed at the fastest level. Lines repeat each other so much that a tenth of them is left; the usual level
/// would take ten times as long to make it a tenth less.
pub(super) fn compress(text: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 8), Compression::fast());
    // Writing to a vector does not fail.
    encoder.write_all(text).ok()?;
    encoder.finish().ok()
}
