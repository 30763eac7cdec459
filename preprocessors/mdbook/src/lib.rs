//! mdbook-seaworthy
