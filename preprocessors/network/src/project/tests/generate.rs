//! Makes up Compose projects, by a seed: everything in them that Compose resolves before it looks at networks. The same
//! seed gives the same project. Enter at [`project`].

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A Compose project in a folder of its own, and how it is asked for.
#[derive(Debug, Default)]
pub(super) struct Generated {
    /// The files by their paths.
    pub(super) files: BTreeMap<String, String>,
    /// What `-f` names; nothing if the files are found by themselves.
    pub(super) named: Vec<String>,
    /// What `--profile` names.
    pub(super) profiles: Vec<String>,
    /// The environment.
    pub(super) environment: BTreeMap<String, String>,
}

#[path = "../../../tests/support/dice.rs"]
mod dice;
use dice::Dice;

impl Dice {
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const SERVICES: [&str; 7] = [
    "web",
    "app",
    "db",
    "cache",
    "queue-worker",
    "mail_out",
    "a.b",
];
const NETWORKS: [&str; 4] = ["front", "back", "db-net", "default"];
const PROFILES: [&str; 3] = ["debug", "tools", "x-1"];

struct Maker {
    dice: Dice,
    made: Generated,
    /// The next free port of the host, and the next address.
    port: u16,
    address: usize,
    variables: usize,
    dotenv: String,
}

/// The project of a seed.
pub(super) fn project(seed: u64) -> Generated {
    let mut maker = Maker {
        dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
        made: Generated::default(),
        port: 8000,
        address: 10,
        variables: 0,
        dotenv: String::new(),
    };
    maker.make();
    maker.made
}

impl Maker {
    fn make(&mut self) {
        let count = 1 + self.dice.roll(5);
        let services: Vec<&str> = SERVICES[..count].to_vec();
        let networks: Vec<&str> = NETWORKS[..self.dice.roll(5)].to_vec();
        let own = self.dice.chance(40);
        let base = if own { "base.yaml" } else { "compose.yaml" };
        let extended = self.dice.chance(35);
        let included = self.dice.chance(30);
        if extended {
            self.extended(&networks);
        }
        if included {
            self.included();
        }
        let text = self.base(&services, &networks, extended, included);
        self.made.files.insert(base.to_owned(), text);
        let overlays = if self.dice.chance(55) {
            1 + self.dice.roll(2)
        } else {
            0
        };
        let mut named = vec![base.to_owned()];
        for at in 0..overlays {
            let name = match (own, at) {
                (false, 0) => "compose.override.yaml".to_owned(),
                (false, _) => break,
                (true, _) => format!("layers/over-{at}.yaml"),
            };
            let text = self.overlay(&services, &networks);
            self.made.files.insert(name.clone(), text);
            named.push(name);
        }
        if own {
            self.made.named = named;
        }
        if self.dice.chance(40) {
            let profile = self.dice.pick(&PROFILES).to_owned();
            if self.dice.chance(50) {
                self.made.profiles.push(profile);
            } else if self.dice.chance(50) {
                self.made
                    .environment
                    .insert("COMPOSE_PROFILES".to_owned(), format!("{profile},other"));
            } else {
                let _ = writeln!(self.dotenv, "COMPOSE_PROFILES={profile}");
            }
        }
        if !self.dotenv.is_empty() {
            let text = format!("# settings\n\n{}", self.dotenv);
            self.made.files.insert(".env".to_owned(), text);
        }
    }

    fn base(
        &mut self,
        services: &[&str],
        networks: &[&str],
        extended: bool,
        included: bool,
    ) -> String {
        let mut text = String::new();
        if self.dice.chance(30) {
            text.push_str("name: made-up\n");
        }
        if included {
            text.push_str(self.dice.pick(&[
                "include: [parts/db.yaml]\n",
                "include:\n  - path: parts/db.yaml\n",
                "include:\n  - path: [parts/db.yaml, parts/db-more.yaml]\n    env_file: parts/own.env\n",
            ]));
        }
        let anchored = self.dice.chance(35);
        if anchored {
            let body = self.body(networks, 1);
            let _ = writeln!(
                text,
                "x-common: &common\n  {}\n  restart: always",
                body.join("\n  ")
            );
        }
        text.push_str("services:\n");
        for (at, name) in services.iter().enumerate() {
            let mut body = vec!["image: x".to_owned()];
            if extended && self.dice.chance(40) {
                body.push(
                    self.dice
                        .pick(&[
                            "extends: {file: common/base.yaml, service: base}",
                            "extends:\n      file: common/base.yaml\n      service: derived",
                        ])
                        .to_owned(),
                );
            } else if at > 0 && self.dice.chance(20) {
                let other = services[at - 1];
                body.push(if self.dice.chance(50) {
                    format!("extends: {other}")
                } else {
                    format!("extends: {{service: {other}}}")
                });
            }
            if anchored && self.dice.chance(50) {
                body.push("<<: *common".to_owned());
            } else {
                body.extend(self.body(networks, 3));
            }
            if self.dice.chance(20) {
                let profile = self.dice.pick(&PROFILES);
                body.push(format!("profiles: [{profile}]"));
            }
            let _ = writeln!(text, "  {name}:\n    {}", body.join("\n    "));
        }
        text.push_str(&self.networks(networks, true));
        text
    }

    /// What stands below a service, one key a line; no key twice.
    fn body(&mut self, networks: &[&str], most: usize) -> Vec<String> {
        let mut body = Vec::new();
        if self.dice.chance(12) {
            let mode = self.dice.pick(&["host", "none", "bridge"]);
            let mode = self.value(mode);
            body.push(format!("network_mode: {mode}"));
        } else if !networks.is_empty() && self.dice.chance(80) {
            body.push(self.joins(networks, most));
        } else if self.dice.chance(15) {
            body.push("networks: []".to_owned());
        }
        if self.dice.chance(55) {
            let ports = self.ports();
            body.push(format!("ports: {ports}"));
        }
        if self.dice.chance(25) {
            let port = self.value("5000");
            body.push(format!("expose: [\"{port}\", \"53/udp\"]"));
        }
        body
    }

    fn joins(&mut self, networks: &[&str], most: usize) -> String {
        let first = self.dice.roll(networks.len());
        let count = 1 + self.dice.roll(most.min(networks.len()));
        let chosen: Vec<usize> = (0..count)
            .map(|step| (first + step) % networks.len())
            .collect();
        if self.dice.chance(40) {
            let names: Vec<&str> = chosen.iter().map(|&n| networks[n]).collect();
            return match self.dice.chance(50) {
                true => format!("networks: [{}]", names.join(", ")),
                false => format!("networks:\n      - {}", names.join("\n      - ")),
            };
        }
        let mut text = "networks:".to_owned();
        for network in chosen {
            let mut parts = Vec::new();
            if self.dice.chance(35) {
                self.address += 1;
                let address = format!("172.{}.1.{}", 20 + network, self.address);
                parts.push(format!("ipv4_address: \"{}\"", self.value(&address)));
            }
            if self.dice.chance(25) {
                parts.push(format!("aliases: [\"{}\", www, www]", self.value("api")));
            }
            if self.dice.chance(10) {
                parts.push("priority: 7".to_owned());
            }
            let name = networks[network];
            let _ = match parts.is_empty() && self.dice.chance(60) {
                true => write!(text, "\n      {name}:"),
                false => write!(text, "\n      {name}: {{{}}}", parts.join(", ")),
            };
        }
        text
    }

    fn ports(&mut self) -> String {
        let mut ports = Vec::new();
        for _ in 0..=self.dice.roll(3) {
            self.port += 10;
            let port = self.port;
            let host = self.value(&port.to_string());
            ports.push(match self.dice.roll(13) {
                0 => format!("127.0.0.1:{port}:80"),
                1 => format!("{port}:53/udp"),
                2 => format!("{port}-{}:3000-3003", port + 3),
                3 => format!("{port}-{}:80", port + 3),
                4 => "9000".to_owned(),
                5 => "3000-3002".to_owned(),
                6 => format!("[::1]:{port}:80"),
                7 => format!("0.0.0.0:{port}:80/tcp"),
                8 => {
                    format!("{{target: 80, published: \"{host}\", host_ip: 127.0.0.1, mode: host}}")
                }
                9 => format!("{{target: 70, published: \"{port}\", protocol: udp}}"),
                10 => "{target: 90}".to_owned(),
                _ => format!("{host}:80"),
            });
        }
        let quoted = ports.iter().map(|port| match port.starts_with('{') {
            true => port.clone(),
            false => format!("{port:?}"),
        });
        format!("[{}]", quoted.collect::<Vec<_>>().join(", "))
    }

    /// `text`, or something that Compose puts it in the place of.
    fn value(&mut self, text: &str) -> String {
        self.variables += 1;
        let name = format!("V{}", self.variables);
        match self.dice.roll(14) {
            0 => format!("${{{name}:-{text}}}"),
            1 => format!("${{{name}-{text}}}"),
            2 => format!("${{{name}:-${{{name}_2:-{text}}}}}"),
            3 => {
                let _ = writeln!(self.dotenv, "{name}={text}");
                format!("${{{name}}}")
            }
            4 => {
                let _ = writeln!(self.dotenv, "export {name}='{text}' # set");
                format!("${{{name}:?it must be set}}")
            }
            5 => {
                self.made.environment.insert(name.clone(), text.to_owned());
                let _ = writeln!(self.dotenv, "{name}=\"the environment comes first\"");
                format!("${name}")
            }
            6 => {
                self.made.environment.insert(name.clone(), "on".to_owned());
                format!("${{{name}:+{text}}}")
            }
            7 => {
                let _ = writeln!(self.dotenv, "{name}_A={text}\n{name}=\"${{{name}_A}}\"");
                format!("${{{name}:-wrong}}")
            }
            8 => {
                self.made.environment.insert(name.clone(), String::new());
                format!("${{{name}:-{text}}}")
            }
            _ => text.to_owned(),
        }
    }

    fn networks(&mut self, networks: &[&str], all: bool) -> String {
        let mut text = String::new();
        for (at, name) in networks.iter().enumerate() {
            let mut parts = vec![format!(
                "ipam: {{config: [{{subnet: \"172.{}.0.0/16\"}}]}}",
                20 + at
            )];
            if !all {
                if self.dice.chance(60) {
                    continue;
                }
                parts.clear();
            }
            match self.dice.roll(8) {
                0 => parts.push("internal: true".to_owned()),
                1 => parts.push("driver: overlay".to_owned()),
                2 => parts.push(format!("driver: \"{}\"", self.value("macvlan"))),
                3 => parts.push(format!("name: real-{at}")),
                4 if all => parts = vec!["external: true".to_owned()],
                5 => parts.push("driver_opts: {mtu: \"1400\"}".to_owned()),
                _ => {}
            }
            let _ = writeln!(text, "  {name}: {{{}}}", parts.join(", "));
        }
        match text.is_empty() {
            true => text,
            false => format!("networks:\n{text}"),
        }
    }

    /// A further file: it adds to what is there, replaces it, or takes it away.
    fn overlay(&mut self, services: &[&str], networks: &[&str]) -> String {
        let mut text = String::new();
        for name in services {
            if self.dice.chance(45) {
                continue;
            }
            let mut body = Vec::new();
            match self.dice.roll(9) {
                0 => body.push("ports: !reset []".to_owned()),
                1 => body.push(format!("ports: !override {}", self.ports())),
                2 => body.push("networks: !reset null".to_owned()),
                3 if !networks.is_empty() => {
                    body.push(format!("networks: !override [{}]", networks[0]))
                }
                4 => body.push("network_mode: !reset null".to_owned()),
                5 => body.push("profiles: [debug]".to_owned()),
                6 => body.push(format!("ports: {}", self.ports())),
                _ => body.extend(self.body(networks, 2)),
            }
            if body.is_empty() {
                body.push("restart: always".to_owned());
            }
            let _ = writeln!(text, "  {name}:\n    {}", body.join("\n    "));
        }
        if self.dice.chance(25) {
            let body = self.body(networks, 2).join("\n    ");
            let _ = writeln!(text, "  late:\n    image: x\n    {body}");
        }
        let networks = self.networks(networks, false);
        match (text.is_empty(), networks.is_empty()) {
            (true, true) => "x-nothing: 1\n".to_owned(),
            (true, false) => networks,
            (false, _) => format!("services:\n{text}{networks}"),
        }
    }

    fn extended(&mut self, networks: &[&str]) {
        let body = self.body(networks, 2).join("\n    ");
        let own = self.ports();
        let text = format!(
            "services:\n  base:\n    image: x\n    {body}\n  derived:\n    extends: base\n    ports: {own}\n"
        );
        let nested = self.dice.chance(30);
        if nested {
            let ports = self.ports();
            let deeper = format!("services:\n  root:\n    image: x\n    ports: {ports}\n");
            self.made
                .files
                .insert("common/deeper/root.yaml".to_owned(), deeper);
        }
        let text = match nested {
            true => text.replacen(
                "image: x\n",
                "image: x\n    extends: {file: deeper/root.yaml, service: root}\n",
                1,
            ),
            false => text,
        };
        self.made.files.insert("common/base.yaml".to_owned(), text);
    }

    fn included(&mut self) {
        let port = self.value("7000");
        let text = format!(
            "services:\n  included:\n    image: x\n    ports: [\"{port}:80\", \"${{OWN:-7777}}:81\"]\n    networks: [parts]\nnetworks:\n  parts: {{internal: true}}\n"
        );
        self.made.files.insert("parts/db.yaml".to_owned(), text);
        let more =
            "services: {included: {expose: [\"99\"], networks: [more]}}\nnetworks: {more: }\n";
        self.made
            .files
            .insert("parts/db-more.yaml".to_owned(), more.to_owned());
        self.made
            .files
            .insert("parts/.env".to_owned(), "OWN=7001\n".to_owned());
        self.made
            .files
            .insert("parts/own.env".to_owned(), "OWN=7002\n".to_owned());
    }
}
