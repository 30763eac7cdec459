//! Two machines on one network: topologies are built on the first (and the second), and everybody is asked whom he
//! reaches.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::time::Duration;

use futures_util::future::join_all;
use seaworthy_machine::engine::{Command, Engine};
use seaworthy_machine::{Machine, MachineOptions, Machines, Run};

use super::probe::{self, Ask, Reached, Target};
use super::topology::{Driver, Lan, Placed, Stack};

const IMAGE: &str = "busybox:1.37";
/// The port on which the second machine itself listens, and what it says there.
const OUTSIDE_PORT: u16 = 9;
const OUTSIDE: &str = "outside";

/// Who asks on the second machine: as it is, and after it has set routes to the first one's containers and to its
/// loopback address.
pub(crate) const NEIGHBOUR: &str = "neighbour";
pub(crate) const INTRUDER: &str = "intruder";

/// The addresses of a service: its network's name, and the address there.
pub(crate) type Addresses = HashMap<String, Vec<(String, String)>>;

/// What was built: the addresses of services, and a process in the network namespace of each.
#[derive(Default)]
pub(crate) struct Built {
    pub(crate) addresses: Addresses,
    pids: HashMap<String, u32>,
}

pub(crate) struct Lab {
    run: Run,
    machines: Machines,
    pub(crate) lan: Lan,
    /// An address of the first machine at which containers on overlays reach it.
    overlay_gateway: String,
}

/// Finds out a machine's address on the LAN, gives it an IPv6 address there, and prints the first.
const SETTLE: &str = "ip -6 addr add $1/64 dev eth0 nodad && \
    ip -j -4 addr show eth0 | jq -r '.[0].addr_info[0].local'";

/// Waits until no IPv6 address is being looked for twice any more in any network namespace (the flag 0x40, `tentative`), and
/// prints of each container that runs `NAME pid PID`, and `NAME NETWORK ADDRESS` for each address.
const LOOK: &str = r#"all=$(docker ps -q | xargs docker inspect)
places=/proc/net/if_inet6
for pid in $(jq '.[].State.Pid' <<< "$all"); do places="$places /proc/$pid/net/if_inet6"; done
for _ in $(seq 200); do
  waits=$(awk '$5 ~ /^[4-7c-f]/' $places)
  [ "$waits" ] || break
  sleep 0.1
done
[ "$waits" ] && echo "$waits" && exit 1
jq -r '.[] | .Name[1:] as $name | "\($name) pid \(.State.Pid)",
  (.NetworkSettings.Networks | to_entries[] | .key as $network | .value | (.IPAddress, .GlobalIPv6Address)
    | select(. != "" and . != null) | "\($name) \($network) \(.)")' <<< "$all""#;

impl Lab {
    pub(crate) async fn open(engine: &Engine, version: &str) -> Lab {
        let run = Run::begin(engine).await.unwrap();
        let images = join_all([IMAGE, probe::IMAGE].map(|image| engine.ensure_image(image))).await;
        let images: Vec<_> = images.into_iter().map(Result::unwrap).collect();
        let mut options = MachineOptions::of_version(version);
        let prepared = run.prepare(&images, &options).await.unwrap();
        options.images = prepared.into_iter().map(Result::unwrap).collect();
        let names = ["host-0".to_owned(), "host-1".to_owned()];
        let machines = Machines::start(&run, &names, &options).await.unwrap();
        let ipv6 = ["fd00:99::3".to_owned(), "fd00:99::4".to_owned()];
        let mut ipv4 = Vec::new();
        for (machine, address) in machines.all().iter().zip(&ipv6) {
            let words = ["bash", "-c", SETTLE, "bash", address];
            ipv4.push(said(machine, Command::new(words)).await);
        }
        let ipv4: [String; 2] = ipv4.try_into().expect("two machines");
        let [first, second] = [&machines.all()[0], &machines.all()[1]];
        let init = format!("docker swarm init --advertise-addr {} > /dev/null", ipv4[0]);
        sh(first, &init).await;
        let token = sh(first, "docker swarm join-token -q worker").await;
        let join = format!("docker swarm join --token {token} {}:2377", ipv4[0]);
        sh(second, &join).await;
        let serve = format!(
            "docker run -d --network host {IMAGE} sh -c \
             'mkdir /w; echo {OUTSIDE} > /w/index.html; exec httpd -f -p {OUTSIDE_PORT} -h /w'"
        );
        sh(second, &serve).await;
        join_all(machines.all().iter().map(probe::prepare)).await;
        // The engine makes it some time after the swarm.
        let gateway = "for _ in $(seq 100); do docker network inspect docker_gwbridge \
            -f '{{(index .IPAM.Config 0).Gateway}}' 2> /dev/null && exit; sleep 0.1; done; exit 1";
        let overlay_gateway = sh(first, gateway).await;
        Lab {
            run,
            lan: Lan { ipv4, ipv6 },
            overlay_gateway,
            machines,
        }
    }

    pub(crate) async fn close(self) {
        self.run.end().await.unwrap();
    }

    fn machine(&self, host: usize) -> &Machine {
        &self.machines.all()[host]
    }

    /// Builds topologies side by side.
    pub(crate) async fn build(&self, batch: &[Placed<'_>]) -> Built {
        for wave in 0..3 {
            // Overlays are made on the first machine, for both.
            for host in 0..2 {
                let commands = batch
                    .iter()
                    .flat_map(|p| p.commands(host, IMAGE)[wave].clone());
                let script = commands.fold(String::new(), |mut script, command| {
                    let _ = writeln!(
                        script,
                        "( {command} || echo 'failed: {}' ) &\n\
                         while [ $(jobs -r | wc -l) -ge 3 ]; do wait -n; done",
                        command.replace('\'', "")
                    );
                    script
                });
                let said = sh(self.machine(host), &format!("{script}wait")).await;
                assert_eq!(said, "");
            }
        }
        let mut built = Built::default();
        let looks = self.machines.all().iter().map(|machine| sh(machine, LOOK));
        for line in join_all(looks).await.iter().flat_map(|said| said.lines()) {
            let [name, network, address] = words(line);
            if network == "pid" {
                built.pids.insert(name.to_owned(), address.parse().unwrap());
                continue;
            }
            let known = built.addresses.entry(name.to_owned()).or_default();
            known.push((network.to_owned(), address.to_owned()));
        }
        built
    }

    /// Removes what was built.
    pub(crate) async fn clear(&self) {
        // Overlays go on the first machine, for both, once nobody is on them.
        let containers = "docker ps -aq --filter name=^t[0-9] | xargs -r docker rm -f > /dev/null";
        join_all((0..2).map(|host| sh(self.machine(host), containers))).await;
        let local = "docker network ls -q --filter name=^t[0-9] --filter scope=local | xargs -r docker network rm > /dev/null";
        join_all((0..2).map(|host| sh(self.machine(host), local))).await;
        let all = "for _ in $(seq 50); do left=$(docker network ls -q --filter name=^t[0-9]); \
            [ \"$left\" ] || exit 0; docker network rm $left > /dev/null 2>&1 || sleep 0.2; done; exit 1";
        sh(self.machine(0), all).await;
    }

    /// Asks everybody, until nobody has answered for so many seconds.
    pub(crate) async fn probe(&self, batch: &[Placed<'_>], built: &Built, seconds: f64) -> Reached {
        let outside = |who| self.asked_outside(batch, &built.addresses, who);
        let of_first = self.asked_inside(batch, built, 0);
        let mut of_second = self.asked_inside(batch, built, 1);
        of_second.extend(outside(NEIGHBOUR));
        let (first, second) = tokio::join!(
            probe::answers(self.machine(0), &of_first, seconds),
            probe::answers(self.machine(1), &of_second, seconds),
        );
        self.intrude(batch, &built.addresses, true).await;
        let intruder = probe::answers(self.machine(1), &outside(INTRUDER), seconds).await;
        self.intrude(batch, &built.addresses, false).await;
        [first, second, intruder].into_iter().flatten().collect()
    }

    /// What the second machine asks topologies that are on the first one alone.
    fn asked_outside(&self, batch: &[Placed<'_>], addresses: &Addresses, who: &str) -> Vec<Ask> {
        // An intruder's way to 127.0.0.1 leads to the first machine.
        let loopback = who == INTRUDER;
        let narrow = batch.iter().filter(|placed| !placed.is_wide());
        narrow
            .map(|placed| Ask {
                who: format!("{who}-{}", placed.number),
                pid: None,
                targets: self.targets(placed, addresses, loopback),
            })
            .collect()
    }

    /// What the containers of one machine ask, and the machine itself.
    fn asked_inside(&self, batch: &[Placed<'_>], built: &Built, host: usize) -> Vec<Ask> {
        let mut asks = Vec::new();
        for placed in batch {
            let targets = self.targets(placed, &built.addresses, true);
            let ask = |who, pid| Ask {
                who,
                pid,
                targets: targets.clone(),
            };
            if host == 0 || placed.is_wide() {
                asks.push(ask(format!("host-{host}-{}", placed.number), None));
            }
            for (at, service) in placed.topology.services.iter().enumerate() {
                if service.host == host {
                    let name = placed.service(at);
                    let pid = built.pids[&name];
                    asks.push(ask(name, Some(pid)));
                }
            }
        }
        asks
    }

    /// Whatever might lead to a service: its addresses, those of its host, on which `loopback` says whether they are all,
    /// and the second machine.
    fn targets(
        &self,
        placed: &Placed<'_>,
        addresses: &Addresses,
        loopback: bool,
    ) -> BTreeSet<Target> {
        let services = &placed.topology.services;
        let lan = &self.lan;
        let mut hosts = if placed.is_wide() {
            // Bridges of two computers may have one address.
            [lan.ipv4.clone(), lan.ipv6.clone()].concat()
        } else {
            let own = [&lan.ipv4[0], &lan.ipv6[0], &self.overlay_gateway].map(Clone::clone);
            let bridges = placed
                .gateways()
                .into_iter()
                .chain(["172.17.0.1".to_owned()]);
            own.into_iter().chain(bridges).collect()
        };
        let mut targets: BTreeSet<Target> = hosts.iter().map(|host| (host.clone(), None)).collect();
        if loopback {
            hosts.extend(["127.0.0.1", "127.0.0.2", "::1"].map(str::to_owned));
        }
        for (at, service) in services.iter().enumerate() {
            let owner = match service.stack {
                Stack::Of(owner) => owner,
                _ => at,
            };
            let port = Some(placed.listens(at));
            for (_, address) in addresses.get(&placed.service(owner)).into_iter().flatten() {
                targets.extend([(address.clone(), port), (address.clone(), None)]);
            }
            let published = Some(placed.host_port(at));
            targets.extend(hosts.iter().map(|host| (host.clone(), published)));
            if loopback && !matches!(service.stack, Stack::Host) {
                targets.insert(("127.0.0.1".to_owned(), port));
            }
        }
        targets.insert((lan.ipv4[1].clone(), Some(OUTSIDE_PORT)));
        targets
    }

    /// Lets the second machine send what is for the first one's containers, and for its loopback address, to it; or
    /// no longer.
    async fn intrude(&self, batch: &[Placed<'_>], addresses: &Addresses, set: bool) {
        let mut script = String::new();
        let (does, gateways) = (
            if set { "add" } else { "del" },
            (&self.lan.ipv4[0], &self.lan.ipv6[0]),
        );
        for placed in batch.iter().filter(|placed| !placed.is_wide()) {
            for (at, service) in placed.topology.services.iter().enumerate() {
                for (network, address) in addresses.get(&placed.service(at)).into_iter().flatten() {
                    let on_lan = matches!(&service.stack, Stack::On(on) if on.iter().any(|n| {
                        placed.network(*n) == *network
                            && placed.topology.networks[*n].driver == Driver::Macvlan
                    }));
                    if on_lan {
                        continue;
                    }
                    let (family, gateway, bits) = match address.contains(':') {
                        true => ("-6", gateways.1, 128),
                        false => ("-4", gateways.0, 32),
                    };
                    let _ = writeln!(
                        script,
                        "ip {family} route {does} {address}/{bits} via {gateway}"
                    );
                }
            }
        }
        let (host, own) = (&self.lan.ipv4[0], &self.lan.ipv4[1]);
        let loopback = if set {
            format!(
                "for i in all eth0 lo; do echo 1 > /proc/sys/net/ipv4/conf/$i/route_localnet; done\n\
                 ip addr del 127.0.0.1/8 dev lo\n\
                 ip route add 127.0.0.1/32 via {host} dev eth0 src {own}\n"
            )
        } else {
            "ip route del 127.0.0.1/32\nip addr add 127.0.0.1/8 dev lo\n".to_owned()
        };
        sh(self.machine(1), &format!("set -e\n{script}{loopback}")).await;
    }
}

pub(super) fn words<const N: usize>(line: &str) -> [&str; N] {
    let words: Vec<&str> = line.split_whitespace().collect();
    words
        .try_into()
        .unwrap_or_else(|_| panic!("{N} words: {line}"))
}

pub(super) async fn sh(machine: &Machine, script: &str) -> String {
    said(
        machine,
        Command::new(["bash", "-s"]).stdin(script.as_bytes().to_vec()),
    )
    .await
}

/// What a command prints; it must succeed.
pub(super) async fn said(machine: &Machine, command: Command) -> String {
    let command = command.time(Duration::from_secs(120)).cap(16 << 20);
    let finished = machine
        .engine()
        .exec(machine.container(), command)
        .await
        .unwrap();
    assert_eq!(finished.exit, 0, "{}", finished.complaint());
    finished.text()
}
