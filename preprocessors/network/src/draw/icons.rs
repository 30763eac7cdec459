//! Small signs, each in a box of 14 by 14: outlines, drawn with a line and no fill.

/// A host: a box of two drawers.
pub(super) const SERVER: &str =
    "M1 1.5h12v4.5h-12zM1 8h12v4.5h-12zM3.5 3.8h.1M3.5 10.3h.1M7 3.8h4M7 10.3h4";
/// Someone at a screen.
pub(super) const SCREEN: &str = "M1 2h12v8h-12zM4.5 12.8h5M7 10v2.8";
/// The world outside.
pub(super) const GLOBE: &str = "M13 7a6 6 0 1 1-12 0a6 6 0 1 1 12 0zM1 7h12M7 1c-3.4 3.4-3.4 8.6 0 12M7 1c3.4 3.4 3.4 8.6 0 12";
/// A padlock, in a box of 8 by 10.
pub(super) const LOCK: &str = "M.8 4.6h6.4v4.6h-6.4zM2.2 4.6v-1.6a1.8 1.8 0 0 1 3.6 0v1.6";
/// A cross, around its middle.
pub(super) const CROSS: &str = "m-4.5-4.5 9 9m0-9-9 9";

/// The sign of a client of this name.
pub(super) fn client(name: &str) -> &'static str {
    let name = name.to_lowercase();
    if ["internet", "outside", "world", "web", "lan"]
        .iter()
        .any(|word| name.contains(word))
    {
        GLOBE
    } else {
        SCREEN
    }
}
