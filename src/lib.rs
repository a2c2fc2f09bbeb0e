//! monospec.
