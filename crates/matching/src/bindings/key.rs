//! Values that are bound, and what a page limits.

use crate::address::{Addr, Net};
use crate::measures::{self, Amount};
use crate::text_key::TextKey;
use crate::tokens::Opaque;

/// A value that is bound. Nearly all are short, and a page that lists thousands binds each: they are kept in place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Id(TextKey),
    Addr(Addr),
    Net(Net),
    Mac(TextKey),
    Port(u16),
    /// A name that Docker made up for a container.
    Name(TextKey),
    Other(Opaque, TextKey),
}

impl Key {
    /// A MAC address, in either case.
    pub(crate) fn mac(text: &str) -> Key {
        Key::Mac(text.to_ascii_lowercase().as_str().into())
    }

    /// The value as it is written.
    pub(crate) fn text(&self) -> String {
        match self {
            Key::Id(text) | Key::Mac(text) | Key::Name(text) | Key::Other(_, text) => {
                text.to_string()
            }
            Key::Addr(addr) => addr.to_string(),
            Key::Net(net) => net.to_string(),
            Key::Port(port) => port.to_string(),
        }
    }

    /// Whether the engine gives the value out again once its container or network is gone.
    pub(super) fn is_reusable(&self) -> bool {
        matches!(
            self,
            Key::Addr(_) | Key::Net(_) | Key::Mac(_) | Key::Port(_)
        )
    }

    /// Whether no two printed values may stand for one real. Ports may: one port of a container can be published on
    /// different ports for IPv4 and IPv6.
    pub(super) fn is_exclusive(&self) -> bool {
        !matches!(self, Key::Port(_))
    }
}

/// A quantity by what it comes to, anything else by its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Setting {
    Amount(Amount),
    Text(String),
}

impl Setting {
    pub(crate) fn new(text: &str) -> Self {
        measures::amount(text).map_or_else(|| Setting::Text(text.to_owned()), Setting::Amount)
    }
}
