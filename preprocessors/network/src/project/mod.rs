//! Compose projects: what they are read as, held to the real `docker compose config`.

mod tests;
