//! Any bytes are read: into a document, or into a reason why there is none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use monospec::diagnostics::Findings;
use monospec::spec::Spec;

fuzz_target!(|bytes: &[u8]| {
    monospec_fuzz::as_spec(bytes, |path| {
        let mut findings = Findings::default();
        let spec = Spec::read(path, &mut findings).expect("the file is there");
        assert!(
            spec.document().is_some() || findings.has_errors(),
            "no document, and nothing is said about it"
        );
    });
});
