//! Small signs, each in a box of 14 by 14: outlines, drawn with a line and no fill, and written from the
//! box's corner on.

/// A host: a box of two drawers.
pub(super) const SERVER: &str =
    "m1 1.5h12v4.5h-12zm0 6.5h12v4.5h-12zm2-4.2h.1m-.1 6.5h.1m3.9-6.5h4m-4 6.5h4";
/// Someone at a screen.
pub(super) const SCREEN: &str = "m1 2h12v8h-12zm3.5 10.8h5m-2.5-2.8v2.8";
/// The world outside.
pub(super) const GLOBE: &str =
    "m13 7a6 6 0 1 1-12 0a6 6 0 1 1 12 0zh-12m6-6c-3.4 3.4-3.4 8.6 0 12m0-12c3.4 3.4 3.4 8.6 0 12";
/// A padlock, in a box of 8 by 10.
pub(super) const LOCK: &str = "m.8 4.6h6.4v4.6h-6.4zm1.4 0v-1.6a1.8 1.8 0 0 1 3.6 0v1.6";

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
