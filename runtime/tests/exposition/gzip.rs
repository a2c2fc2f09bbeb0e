//! Expositions, compressed.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::families;

#[test]
fn what_is_compressed_is_the_same() {
    let registry = families::registry();
    let plain = registry.scrape(None, Some("identity"));
    assert_eq!(plain.content_encoding, None);
    let packed = registry.scrape(None, Some("gzip"));
    assert_eq!(packed.content_encoding, Some("gzip"));
    assert_eq!(packed.content_type, plain.content_type);
    assert!(packed.body.len() < plain.body.len() / 2);
    let mut unpacked = Vec::new();
    let read = GzDecoder::new(packed.body.as_slice()).read_to_end(&mut unpacked);
    read.expect("it is gzip");
    assert_eq!(unpacked, plain.body);
}
