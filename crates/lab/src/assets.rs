//! The script and the style of the lab's pages, and the terminal that they show.

/// A file that the lab serves beside the site.
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) bytes: &'static [u8],
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! asset {
    ($name:literal, $kind:ident) => {
        Asset {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("../assets/", $name)),
        }
    };
}

/// All of them. `scripts/xterm` brings xterm.js from npm, as it is pinned there.
pub(crate) const ASSETS: [Asset; 10] = [
    asset!("lab.mjs", SCRIPT),
    asset!("connection.mjs", SCRIPT),
    asset!("panel.mjs", SCRIPT),
    asset!("sessions.mjs", SCRIPT),
    asset!("terminal.mjs", SCRIPT),
    asset!("values.mjs", SCRIPT),
    asset!("xterm.mjs", SCRIPT),
    asset!("addon-fit.mjs", SCRIPT),
    asset!("lab.css", STYLE),
    asset!("xterm.css", STYLE),
];
