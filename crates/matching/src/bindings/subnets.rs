//! Binds private addresses together with their subnets: an address holds only if its subnet does.

use super::{Bindings, Entry, Key};
use crate::address::{Addr, Net, Role};
use crate::occurrence::Occurrence;
use crate::reason::Reason;

/// How many neighbours are looked at for one whose container still lives.
const NEIGHBOURS: usize = 16;

impl Bindings {
    /// Binds a printed address to a real one, each with the prefix length written after it: a subnet if the address is
    /// a subnet's own, else an address, in its subnet if a length is given.
    pub(crate) fn bind_address(
        &mut self,
        (printed, printed_len): (Addr, Option<u8>),
        (real, real_len): (Addr, Option<u8>),
        at: &Occurrence,
    ) -> Result<(), Reason> {
        if printed.width() != real.width() {
            return Err(Reason::NotA("an address of that family"));
        }
        if printed_len != real_len {
            return Err(Reason::PrefixLength);
        }
        if let Some(len) = printed_len.filter(|len| *len < printed.width()) {
            let (net, real_net) = (printed.net(len), real.net(len));
            if (net.first == printed) != (real_net.first == real) {
                return Err(Reason::Place);
            }
            // The addresses first: they say more precisely what is wrong.
            if net.first != printed {
                self.bind_host(printed, real, Some(len), at)?;
            }
            return self.bind_net(net, real_net, at);
        }
        self.bind_host(printed, real, None, at)
    }

    fn bind_net(&mut self, printed: Net, real: Net, at: &Occurrence) -> Result<(), Reason> {
        let known = self
            .forward
            .get(&Key::Net(printed))
            .is_some_and(|entry| entry.real == Key::Net(real));
        if !known {
            let outside = |from: Net, to: Net| Reason::Subnet {
                printed: from.to_string(),
                real: to.to_string(),
            };
            let range = Key::Addr(printed.first)..=Key::Addr(printed.last());
            let addresses = self
                .forward
                .range(range)
                .filter_map(|(_, entry)| match entry.real {
                    Key::Addr(addr) if !entry.released => Some(addr),
                    _ => None,
                });
            if let Some(stray) = addresses.into_iter().find(|addr| !real.contains(*addr)) {
                return Err(outside(printed, stray.net(real.len)));
            }
            let range = Key::Addr(real.first)..=Key::Addr(real.last());
            let stray = self.backward.range(range).find_map(|(_, key)| match key {
                Key::Addr(addr) if !printed.contains(*addr) && !self.is_released(key) => {
                    Some(*addr)
                }
                _ => None,
            });
            if let Some(stray) = stray {
                return Err(outside(stray.net(printed.len), real));
            }
        }
        self.bind(Key::Net(printed), Key::Net(real), at)
    }

    fn is_released(&self, printed: &Key) -> bool {
        self.forward
            .get(printed)
            .is_some_and(|entry| entry.released)
    }

    fn bind_host(
        &mut self,
        printed: Addr,
        real: Addr,
        len: Option<u8>,
        at: &Occurrence,
    ) -> Result<(), Reason> {
        let (key, real_key) = (Key::Addr(printed), Key::Addr(real));
        if !self.forward.contains_key(&key) || self.is_released(&key) {
            self.check_subnet(printed, real, len)?;
        }
        self.bind(key, real_key, at)
    }

    /// Whether a new pair of addresses fits the subnets known so far.
    fn check_subnet(&self, printed: Addr, real: Addr, len: Option<u8>) -> Result<(), Reason> {
        let stated = self.net_of(printed).or(None);
        if let Some((net, entry)) = stated
            && let Key::Net(real_net) = entry.real
            && !entry.released
        {
            if !real_net.contains(real) {
                return Err(Reason::Subnet {
                    printed: net.to_string(),
                    real: real_net.to_string(),
                });
            }
            return same_place(printed.role(net.len), real.role(net.len));
        }
        if let Some((net, real_net)) = self.net_of_real(real) {
            return Err(Reason::Subnet {
                printed: net.to_string(),
                real: real_net.to_string(),
            });
        }
        let len = len.unwrap_or_else(|| printed.usual_len().max(real.usual_len()));
        let (net, real_net) = (printed.net(len), real.net(len));
        self.check_neighbours(net, real_net)?;
        same_place(printed.role(len), real.role(len))
    }

    /// No subnet is stated: those that are next to each other stay together, in both directions.
    fn check_neighbours(&self, net: Net, real_net: Net) -> Result<(), Reason> {
        let range = Key::Addr(net.first)..=Key::Addr(net.last());
        let neighbour =
            self.forward
                .range(range)
                .take(NEIGHBOURS)
                .find_map(|(_, entry)| match entry.real {
                    Key::Addr(addr) if !entry.released => Some(addr),
                    _ => None,
                });
        if let Some(addr) = neighbour
            && !real_net.contains(addr)
        {
            return Err(Reason::Subnet {
                printed: net.to_string(),
                real: addr.net(net.len).to_string(),
            });
        }
        let range = Key::Addr(real_net.first)..=Key::Addr(real_net.last());
        let neighbour =
            self.backward
                .range(range)
                .take(NEIGHBOURS)
                .find_map(|(_, key)| match key {
                    Key::Addr(addr) if !self.is_released(key) => Some(*addr),
                    _ => None,
                });
        match neighbour {
            Some(addr) if !net.contains(addr) => Err(Reason::Subnet {
                printed: addr.net(net.len).to_string(),
                real: real_net.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// The smallest printed subnet that holds a printed address.
    pub(crate) fn net_of(&self, printed: Addr) -> Option<(Net, &Entry)> {
        self.lens
            .iter()
            .rev()
            .filter(|len| **len <= printed.width())
            .find_map(|len| {
                let net = printed.net(*len);
                self.forward.get(&Key::Net(net)).map(|entry| (net, entry))
            })
    }

    /// The smallest real subnet that holds a real address, after the printed one that stands for it.
    pub(crate) fn net_of_real(&self, real: Addr) -> Option<(Net, Net)> {
        self.real_lens
            .iter()
            .rev()
            .filter(|len| **len <= real.width())
            .find_map(|len| {
                let net = real.net(*len);
                match self.backward.get(&Key::Net(net)) {
                    Some(key @ Key::Net(printed)) if !self.is_released(key) => {
                        Some((*printed, net))
                    }
                    _ => None,
                }
            })
    }

    /// The real counterpart of a printed address: its own, or the one at its place in its subnet's counterpart.
    pub(crate) fn real_address(&self, printed: Addr) -> Option<Addr> {
        match self
            .forward
            .get(&Key::Addr(printed))
            .map(|entry| &entry.real)
        {
            Some(Key::Addr(real)) => return Some(*real),
            Some(_) => return None,
            None => {}
        }
        if let Some((net, entry)) = self.net_of(printed)
            && let Key::Net(real) = entry.real
        {
            return Some(real.translate(printed, net));
        }
        let net = printed.net(printed.usual_len());
        let range = Key::Addr(net.first)..=Key::Addr(net.last());
        self.forward
            .range(range)
            .take(NEIGHBOURS)
            .find_map(|(_, entry)| match entry.real {
                Key::Addr(real) if !entry.released => {
                    Some(real.net(net.len).translate(printed, net))
                }
                _ => None,
            })
    }

    /// The other way about. An address that has no counterpart yet gets one that no other has.
    pub(crate) fn printed_address(&self, real: Addr) -> Option<Addr> {
        match self.backward.get(&Key::Addr(real)) {
            Some(Key::Addr(printed)) => return Some(*printed),
            Some(_) => return None,
            None => {}
        }
        let usual = || {
            let net = real.net(real.usual_len());
            let range = Key::Addr(net.first)..=Key::Addr(net.last());
            self.backward
                .range(range)
                .take(NEIGHBOURS)
                .find_map(|(_, key)| match key {
                    Key::Addr(printed) if !self.is_released(key) => {
                        Some((printed.net(net.len), net))
                    }
                    _ => None,
                })
        };
        let (net, real_net) = self.net_of_real(real).or_else(usual)?;
        let free = |addr: &Addr| !self.forward.contains_key(&Key::Addr(*addr));
        std::iter::successors(Some(net.translate(real, real_net)), |addr| net.after(*addr))
            .take(256)
            .find(free)
    }
}

fn same_place(printed: Role, real: Role) -> Result<(), Reason> {
    if printed == real {
        Ok(())
    } else {
        Err(Reason::Place)
    }
}

#[cfg(test)]
mod tests;
