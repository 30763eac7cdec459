//! Titles of networks, ports, who is outside, hosts' names, and the text at lines.

use super::elements::{class, classed, lines, rect, text};
use super::path::{Escaped, N, Pen};
use super::{Drawing, MONO, icons, put};
use crate::layout::{
    Card, HOST_TEXT_X, LeftSlot, LineKind, PillPort, Rect, RightSlot, STUB_STEP, TAG_BASELINE,
    pill_height, pill_lines, pill_width, size, stub_texts,
};
use crate::model::Stack;
use crate::reach::Way;
use crate::theme::{self, Role, light};

/// From line to line of the small print.
const STEP: f64 = 14.0;

/// A port at a host's border.
struct Pill {
    middle: (f64, f64),
    size: (f64, f64),
    lines: Vec<String>,
    /// Another has the port already.
    taken: bool,
}

/// A line in the letters of names, with an attribute more.
fn styled(x: f64, y: f64, attribute: &str, line: &str) -> String {
    format!(
        "<text x=\"{}\" y=\"{}\" font-family=\"{}\" {attribute}>{}</text>",
        N(x),
        N(y),
        super::SANS,
        Escaped(line)
    )
}

/// A line in no network's colour.
fn quiet(x: f64, y: f64, line: &str) -> String {
    format!(
        "<text x=\"{}\" y=\"{}\" class=\"n-quiet\" fill=\"{}\">{}</text>",
        N(x),
        N(y),
        light(Role::Quiet),
        Escaped(line)
    )
}

impl Drawing<'_> {
    /// The networks' names, in their colours.
    pub(super) fn tags(&mut self) {
        let layout = self.layout;
        if layout.lanes.is_empty() {
            return;
        }
        let titled = || layout.lanes.iter().enumerate().filter(|(_, l)| l.titled);
        let titles = titled().map(|(_, lane)| {
            let n = lane.colour;
            (
                format!(" class=\"f{n}\" fill=\"{}\"", theme::network(n)),
                vec![rect(lane.tag.pill, 5.0)],
            )
        });
        self.grouped(titles);
        put!(
            self,
            "<g class=\"n-on\" fill=\"{}\" text-anchor=\"middle\" font-weight=\"700\" font-size=\"{}\">",
            light(Role::OnFill),
            size::TAG
        );
        let names = titled().map(|(at, lane)| {
            let r = lane.tag.pill;
            let x = r.x + (r.w + if lane.tag.locked { 12.0 } else { 0.0 }) / 2.0;
            (
                classed(&class(layout, &[at])),
                lines(x, r.y + TAG_BASELINE, STEP, &lane.tag.name),
            )
        });
        self.grouped(names);
        self.out.push_str("</g>");
        let mut locks = Pen::default();
        for (_, lane) in titled().filter(|(_, lane)| lane.tag.locked) {
            let r = lane.tag.pill;
            locks.sign((r.x + 7.0, r.y + 4.5), icons::LOCK);
        }
        if !locks.is_empty() {
            put!(
                self,
                "<path class=\"n-lock\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\" d=\"{}\"/>",
                light(Role::OnFill),
                locks.d()
            );
        }
    }

    /// The ports at the hosts' borders, without their text.
    pub(super) fn pills(&mut self) {
        let boxes = self.ports_at_borders().into_iter().map(|pill| {
            let ((x, y), (w, h)) = (pill.middle, pill.size);
            let (name, role) = if pill.taken {
                ("n-barred", Role::Stop)
            } else {
                ("n-gate", Role::Gate)
            };
            let r = Rect {
                x: x - w / 2.0,
                y: y - h / 2.0,
                w,
                h,
            };
            (
                format!(" class=\"{name}\" fill=\"{}\"", light(role)),
                vec![rect(r, (h / 2.0).min(10.0))],
            )
        });
        self.grouped(boxes);
    }

    fn ports_at_borders(&self) -> Vec<Pill> {
        let mut pills = Vec::new();
        for card in &self.layout.cards {
            for slot in &card.left {
                if let LeftSlot::Pill { port, flows } = &slot.what {
                    let container = &self.model.containers[card.container];
                    let lines = pill_lines(container, *port);
                    pills.push(Pill {
                        middle: (self.layout.border, card.rect.y + slot.y),
                        size: (pill_width(&lines), pill_height(lines.len(), flows.len())),
                        lines,
                        taken: self.is_taken(card, *port),
                    });
                }
            }
        }
        pills
    }

    fn is_taken(&self, card: &Card, port: PillPort) -> bool {
        let container = &self.model.containers[card.container];
        let PillPort::Listens(at) = port else {
            return false;
        };
        let (ports, protocol) = container.listens[at];
        container.stack == Stack::Host
            && self
                .model
                .port_holder(card.container, ports, protocol)
                .is_some()
    }

    /// Who is outside; and the signs of clients and hosts.
    pub(super) fn clients(&mut self) {
        let layout = self.layout;
        if !layout.clients.is_empty() {
            let card = format!(
                " class=\"n-card\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.4\"",
                light(Role::Card),
                light(Role::Edge)
            );
            let boxes = layout.clients.iter().map(|c| rect(c.rect, 13.0));
            self.grouped([(card, boxes.collect())].into_iter());
        }
        let mut signs = Pen::default();
        for host in &layout.hosts {
            let r = host.rect;
            signs.sign((r.x + 12.0, r.y + 9.0), icons::SERVER);
        }
        for client in &layout.clients {
            let name = client
                .client
                .map_or("outside", |c| self.model.clients[c].name.as_str());
            let r = client.rect;
            signs.sign((r.x + 10.0, r.y + 6.0), icons::client(name));
        }
        put!(
            self,
            "<path class=\"n-icon\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\" stroke-linecap=\"round\" d=\"{}\"/>",
            light(Role::Ink),
            signs.d()
        );
        if !layout.clients.is_empty() {
            put!(self, "<g font-size=\"{}\" font-weight=\"700\">", size::TAG);
            for client in &layout.clients {
                let r = client.rect;
                let names = lines(r.x + 31.0, r.y + 17.0, 15.0, &client.label);
                self.out.push_str(&names.concat());
            }
            self.out.push_str("</g>");
        }
    }

    /// The hosts' names, and their addresses, in a group that is moved by `left`.
    pub(super) fn host_names(&mut self, left: f64) {
        for host in &self.layout.hosts {
            let (x, mut y) = (host.rect.x + HOST_TEXT_X - left, host.rect.y + 21.0);
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
    }

    /// All that is set in the typewriter's letters: subnets, ports, and addresses and further names.
    pub(super) fn small_print(&mut self) {
        let before = self.out.len();
        put!(self, "<g font-family=\"{MONO}\">");
        let opened = self.out.len();
        self.subnets();
        self.published_ports();
        self.stub_labels();
        self.port_labels();
        if self.out.len() == opened {
            self.out.truncate(before);
        } else {
            self.out.push_str("</g>");
        }
    }

    fn subnets(&mut self) {
        let layout = self.layout;
        if layout.lanes.is_empty() {
            return;
        }
        put!(
            self,
            "<g class=\"n-quiet\" fill=\"{}\" text-anchor=\"end\">",
            light(Role::Quiet)
        );
        for lane in &layout.lanes {
            let tag = &lane.tag;
            let details = lines(tag.details_right, tag.details_y, STEP, &tag.details);
            self.out.push_str(&details.concat());
        }
        self.out.push_str("</g>");
    }

    fn published_ports(&mut self) {
        let pills = self.ports_at_borders();
        if pills.is_empty() {
            return;
        }
        put!(
            self,
            "<g class=\"n-on\" fill=\"{}\" font-weight=\"700\" font-size=\"{}\" text-anchor=\"middle\">",
            light(Role::OnFill),
            size::TAG
        );
        for pill in pills {
            #[expect(clippy::cast_precision_loss, reason = "one or two lines")]
            let rise = (pill.lines.len() as f64 - 1.0) * STEP / 2.0;
            let (x, y) = pill.middle;
            for port in lines(x, (y + 4.2 - rise).round(), STEP, &pill.lines) {
                let (name, rest) = port.split_at("<text".len());
                let strike = if pill.taken {
                    " text-decoration=\"line-through\""
                } else {
                    ""
                };
                put!(self, "{name}{strike}{rest}");
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
                    let RightSlot::Stub {
                        interface,
                        lane,
                        naming,
                    } = slot.what
                    else {
                        continue;
                    };
                    if lane != at {
                        continue;
                    }
                    let interface = &self.model.containers[card.container].interfaces[interface];
                    let (x, y) = (card.rect.right() + 8.0, card.rect.y + slot.y);
                    let network = &self.model.networks[interface.network];
                    let texts = stub_texts(network, interface, naming, layout.stub_width);
                    let mut baseline = y - 5.0;
                    for address in texts.addresses.iter().rev() {
                        labels.push(text(x, baseline, address));
                        baseline -= STUB_STEP;
                    }
                    for line in texts.details.iter().rev() {
                        labels.push(quiet(x, baseline, line));
                        baseline -= STUB_STEP;
                    }
                    for line in texts.name.iter().rev() {
                        labels.push(styled(x, baseline, "font-weight=\"700\"", line));
                        baseline -= STUB_STEP;
                    }
                    let mut baseline = y + 13.0;
                    for line in &texts.aliases {
                        labels.push(styled(x, baseline, "font-style=\"italic\"", line));
                        baseline += STUB_STEP;
                    }
                }
            }
            if !labels.is_empty() {
                put!(
                    self,
                    "<g class=\"f{}\" fill=\"{}\">{}</g>",
                    layout.lanes[at].colour,
                    theme::network(layout.lanes[at].colour),
                    labels.concat()
                );
            }
        }
    }

    fn port_labels(&mut self) {
        let layout = self.layout;
        let labels = layout.lines.iter().filter_map(|line| {
            let ((label, x), (_, y)) = (line.label.as_ref()?, line.points.last()?);
            let classes = match line.kind {
                LineKind::Flow { flow } => {
                    let lane = match &self.model.flows[flow].route {
                        Ok(Way::Network(network)) => {
                            layout.lanes.iter().position(|l| l.network == *network)
                        }
                        _ => None,
                    };
                    classed(&class(layout, lane.as_slice()))
                }
                // Like its line, it stays as it is when something else is pointed at.
                _ => String::new(),
            };
            Some((classes, vec![text(*x, y - 5.5, label)]))
        });
        let labels: Vec<_> = labels.collect();
        self.grouped(labels.into_iter());
    }
}
