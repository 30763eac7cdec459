//! Members of `inspect` that not all engines have, so that a page of one holds on another. Enter at [`counterpart`].
//!
//! Docker Engine 29 has left out of `NetworkSettings` what was there of the default bridge, and tells the `Status` of
//! networks: <https://docs.docker.com/reference/api/engine/version-history/#v152-api-changes>.

use super::keys;
use super::parse::Document;

/// What older engines said of the default bridge a second time, beside `Networks`.
const OF_BRIDGE: [&str; 8] = [
    "EndpointID",
    "Gateway",
    "GlobalIPv6Address",
    "GlobalIPv6PrefixLen",
    "IPAddress",
    "IPPrefixLen",
    "IPv6Gateway",
    "MacAddress",
];
/// What older engines said of nothing, by and by.
const OF_NOTHING: [&str; 6] = [
    "Bridge",
    "HairpinMode",
    "LinkLocalIPv6Address",
    "LinkLocalIPv6PrefixLen",
    "SecondaryIPAddresses",
    "SecondaryIPv6Addresses",
];

/// What takes the place of a printed member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// This value says it.
    Value(usize),
    /// Nothing has to: it says nothing, or what only some engines tell.
    Nothing,
}

/// Where what the printed member `key` says stands in the object `f` of the output, which has no such member; `p` is its
/// value and `whole` its object, which is itself the member `parent`. None if it has to be there.
pub(super) fn counterpart(
    (printed, p, whole): (&Document<'_>, usize, usize),
    (found, f): (&Document<'_>, usize),
    (parent, key): (&str, &str),
) -> Option<Place> {
    let has =
        |document: &Document<'_>, object: usize, key: &str| value(document, object, key).is_some();
    if key == "Status" {
        let is_network = ["Driver", "IPAM", "Scope"]
            .iter()
            .all(|key| has(found, f, key));
        return (is_network && has(printed, whole, "IPAM")).then_some(Place::Nothing);
    }
    if parent != "NetworkSettings" || OF_BRIDGE.iter().any(|key| has(found, f, key)) {
        return None;
    }
    let says_nothing = matches!(printed.raw(p), "\"\"" | "0" | "false" | "null");
    if OF_BRIDGE.contains(&key) {
        let networks = value(found, f, "Networks")?;
        let bridge = value(found, networks, "bridge").and_then(|bridge| value(found, bridge, key));
        return bridge
            .map(Place::Value)
            .or(says_nothing.then_some(Place::Nothing));
    }
    (OF_NOTHING.contains(&key) && says_nothing).then_some(Place::Nothing)
}

/// The value of the member `key` of an object.
fn value(document: &Document<'_>, object: usize, key: &str) -> Option<usize> {
    let members = keys::members(document, object).iter();
    let mut named = members.filter(|member| document.string(member.key.clone()) == key);
    named.next().map(|member| member.value)
}
