//! Titles of networks, ports, who is outside, and the text at lines.

use super::path::{Escaped, N};
use super::{Drawing, MONO, icons, put};
use crate::layout::{
    LeftSlot, LineKind, RightSlot, pill_height, pill_lines, pill_width, size, stub_texts,
};
use crate::model::{Route, Stack};
use crate::theme::{self, Role, light};

impl Drawing<'_> {
    /// The networks' names, in their colours.
    pub(super) fn tags(&mut self) {
        let layout = self.layout;
        if layout.lanes.is_empty() {
            return;
        }
        for (at, lane) in layout.lanes.iter().enumerate() {
            let (n, r) = (at % theme::NETWORKS, lane.tag.pill);
            put!(
                self,
                "<rect class=\"f{n} c o{n}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\" fill=\"{}\"/>",
                N(r.x),
                N(r.y),
                N(r.w),
                N(r.h),
                theme::network(at)
            );
        }
        put!(
            self,
            "<g class=\"n-on\" fill=\"{}\" text-anchor=\"middle\" font-weight=\"700\" font-size=\"{}\">",
            light(Role::OnFill),
            size::TAG
        );
        for (at, lane) in layout.lanes.iter().enumerate() {
            let (n, r) = (at % theme::NETWORKS, lane.tag.pill);
            let mut y = r.y + 13.5;
            let x = r.x + (r.w + if lane.tag.locked { 12.0 } else { 0.0 }) / 2.0;
            for line in &lane.tag.name {
                put!(
                    self,
                    "<text class=\"c o{n}\" x=\"{}\" y=\"{}\">{}</text>",
                    N(x),
                    N(y),
                    Escaped(line)
                );
                y += 14.0;
            }
        }
        self.out.push_str("</g>");
        for lane in layout.lanes.iter().filter(|lane| lane.tag.locked) {
            let r = lane.tag.pill;
            put!(
                self,
                "<path class=\"n-lock\" transform=\"translate({} {})\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\" d=\"{}\"/>",
                N(r.x + 7.0),
                N(r.y + 4.5),
                light(Role::OnFill),
                icons::LOCK
            );
        }
        put!(
            self,
            "<g class=\"n-quiet\" fill=\"{}\" font-family=\"{MONO}\" text-anchor=\"end\">",
            light(Role::Quiet)
        );
        for lane in &layout.lanes {
            let mut y = lane.tag.details_y;
            for line in &lane.tag.details {
                put!(
                    self,
                    "<text x=\"{}\" y=\"{}\">{}</text>",
                    N(lane.tag.details_right),
                    N(y),
                    Escaped(line)
                );
                y += 14.0;
            }
        }
        self.out.push_str("</g>");
    }

    /// The ports at the hosts' borders.
    pub(super) fn pills(&mut self) {
        let layout = self.layout;
        let mut opened = false;
        for card in &layout.cards {
            let container = &self.model.containers[card.container];
            for slot in &card.left {
                let LeftSlot::Pill { port, flows } = &slot.what else {
                    continue;
                };
                if !opened {
                    put!(
                        self,
                        "<g font-family=\"{MONO}\" font-weight=\"700\" font-size=\"{}\" text-anchor=\"middle\">",
                        size::TAG
                    );
                    opened = true;
                }
                let lines = pill_lines(container, *port);
                let (w, h) = (pill_width(&lines), pill_height(lines.len(), flows.len()));
                let (x, y) = (layout.border, card.rect.y + slot.y);
                let taken = container.stack == Stack::Host && self.is_taken(card.container, *port);
                let (class, role) = if taken {
                    ("n-fill n-stop", Role::Stop)
                } else {
                    ("n-gate", Role::Gate)
                };
                put!(
                    self,
                    "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"{}\"/>",
                    N(x - w / 2.0),
                    N(y - h / 2.0),
                    N(w),
                    N(h),
                    N((h / 2.0).min(10.0)),
                    light(role)
                );
                #[expect(clippy::cast_precision_loss, reason = "one or two lines")]
                let mut baseline = y + 4.2 - (lines.len() as f64 - 1.0) * 7.0;
                for line in &lines {
                    let strike = if taken {
                        " text-decoration=\"line-through\""
                    } else {
                        ""
                    };
                    put!(
                        self,
                        "<text class=\"n-on\" x=\"{}\" y=\"{}\" fill=\"{}\"{strike}>{}</text>",
                        N(x),
                        N(baseline),
                        light(Role::OnFill),
                        Escaped(line)
                    );
                    baseline += 14.0;
                }
            }
        }
        if opened {
            self.out.push_str("</g>");
        }
    }

    fn is_taken(&self, container: usize, port: crate::layout::PillPort) -> bool {
        let crate::layout::PillPort::Listens(at) = port else {
            return false;
        };
        let (ports, protocol) = self.model.containers[container].listens[at];
        self.model.port_holder(container, ports, protocol).is_some()
    }

    /// Who is outside.
    pub(super) fn clients(&mut self) {
        let layout = self.layout;
        if layout.clients.is_empty() {
            return;
        }
        put!(
            self,
            "<g class=\"n-card\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.4\">",
            light(Role::Card),
            light(Role::Edge)
        );
        for client in &layout.clients {
            let r = client.rect;
            put!(
                self,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"13\"/>",
                N(r.x),
                N(r.y),
                N(r.w),
                N(r.h)
            );
        }
        put!(
            self,
            "</g><g class=\"n-icon\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\" stroke-linecap=\"round\">",
            light(Role::Ink)
        );
        for client in &layout.clients {
            let r = client.rect;
            let name = client
                .client
                .map_or("outside", |c| self.model.clients[c].name.as_str());
            put!(
                self,
                "<path transform=\"translate({} {})\" d=\"{}\"/>",
                N(r.x + 10.0),
                N(r.y + 6.0),
                icons::client(name)
            );
        }
        put!(
            self,
            "</g><g class=\"n-ink\" fill=\"{}\" font-size=\"{}\" font-weight=\"700\">",
            light(Role::Ink),
            size::TAG
        );
        for client in &layout.clients {
            let mut y = client.rect.y + 17.0;
            for line in &client.label {
                put!(
                    self,
                    "<text x=\"{}\" y=\"{}\">{}</text>",
                    N(client.rect.x + 31.0),
                    N(y),
                    Escaped(line)
                );
                y += 15.0;
            }
        }
        self.out.push_str("</g>");
    }

    /// The hosts' names, and the addresses, further names and ports at the lines.
    pub(super) fn texts(&mut self) {
        self.host_names();
        self.stub_labels();
        self.port_labels();
    }

    fn host_names(&mut self) {
        let layout = self.layout;
        put!(
            self,
            "<g class=\"n-ink\" fill=\"{}\" font-weight=\"700\" font-size=\"{}\">",
            light(Role::Ink),
            size::NAME
        );
        for host in &layout.hosts {
            let (x, mut y) = (host.rect.x + crate::layout::HOST_TEXT_X, host.rect.y + 21.0);
            for (at, line) in host.name.iter().enumerate() {
                let address = self.model.hosts[host.host].address.as_deref();
                let last = at + 1 == host.name.len();
                put!(
                    self,
                    "<text x=\"{}\" y=\"{}\">{}",
                    N(x),
                    N(y),
                    Escaped(line)
                );
                if let Some(address) = address.filter(|_| last) {
                    let place = if host.address_beside {
                        "dx=\"8\"".to_owned()
                    } else {
                        format!("x=\"{}\" dy=\"16\"", N(x))
                    };
                    put!(
                        self,
                        "<tspan {place} class=\"n-quiet\" fill=\"{}\" font-family=\"{MONO}\" font-weight=\"400\" font-size=\"{}\">{}</tspan>",
                        light(Role::Quiet),
                        size::SMALL,
                        Escaped(address)
                    );
                }
                self.out.push_str("</text>");
                y += 16.0;
            }
        }
        self.out.push_str("</g>");
    }

    fn stub_labels(&mut self) {
        let layout = self.layout;
        for at in 0..layout.lanes.len() {
            let mut labels = Vec::new();
            for card in &layout.cards {
                for slot in &card.right {
                    let RightSlot::Stub { interface, lane } = slot.what else {
                        continue;
                    };
                    if lane == at {
                        let interface =
                            &self.model.containers[card.container].interfaces[interface];
                        labels.push((
                            card.rect.right() + 8.0,
                            card.rect.y + slot.y,
                            stub_texts(interface),
                        ));
                    }
                }
            }
            let is_quiet =
                |(_, _, (addresses, aliases)): &(f64, f64, (Vec<String>, Option<String>))| {
                    addresses.is_empty() && aliases.is_none()
                };
            if labels.iter().all(is_quiet) {
                continue;
            }
            let n = at % theme::NETWORKS;
            put!(
                self,
                "<g class=\"f{n} c o{n}\" fill=\"{}\" font-family=\"{MONO}\">",
                theme::network(at)
            );
            for (x, y, (addresses, aliases)) in labels {
                let mut baseline = y - 5.0;
                for address in addresses.iter().rev() {
                    put!(
                        self,
                        "<text x=\"{}\" y=\"{}\">{}</text>",
                        N(x),
                        N(baseline),
                        Escaped(address)
                    );
                    baseline -= 14.0;
                }
                if let Some(aliases) = aliases {
                    put!(
                        self,
                        "<text x=\"{}\" y=\"{}\" font-family=\"{}\" font-style=\"italic\">{}</text>",
                        N(x),
                        N(y + 13.0),
                        super::SANS,
                        Escaped(&aliases)
                    );
                }
            }
            self.out.push_str("</g>");
        }
    }

    fn port_labels(&mut self) {
        let layout = self.layout;
        let labelled: Vec<_> = layout
            .lines
            .iter()
            .filter(|line| line.label.is_some())
            .collect();
        if labelled.is_empty() {
            return;
        }
        put!(
            self,
            "<g class=\"n-ink\" fill=\"{}\" font-family=\"{MONO}\">",
            light(Role::Ink)
        );
        for line in labelled {
            let (Some((label, x)), Some((_, y))) = (&line.label, line.points.last()) else {
                continue;
            };
            let class = match line.kind {
                LineKind::Flow { flow } => {
                    let lane = match &self.model.flows[flow].route {
                        Route::Network(network) => {
                            layout.lanes.iter().position(|l| l.network == *network)
                        }
                        _ => None,
                    };
                    format!(" class=\"{}\"", Self::classes(lane.as_slice()))
                }
                // Like its line, it stays as it is when something else is pointed at.
                _ => String::new(),
            };
            put!(
                self,
                "<text{class} x=\"{}\" y=\"{}\">{}</text>",
                N(*x),
                N(y - 5.5),
                Escaped(label)
            );
        }
        self.out.push_str("</g>");
    }
}
