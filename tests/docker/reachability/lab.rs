//! Two machines on one network: topologies are built on the first (and the second), and everybody is asked whom he
//! reaches.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::time::Duration;

use futures_util::future::join_all;
use seaworthy_machine::engine::{Command, Engine};
use seaworthy_machine::{Machine, MachineOptions, Machines, Run};

use super::topology::{Driver, Lan, Placed, Stack};

const IMAGE: &str = "busybox:1.37";
/// The port on which the second machine itself listens, and what it says there.
const OUTSIDE_PORT: u16 = 9;
const OUTSIDE: &str = "outside";

/// Who asks on the second machine: as it is, and after it has set routes to the first one's containers and to its
/// loopback address.
pub(crate) const NEIGHBOUR: &str = "neighbour";
pub(crate) const INTRUDER: &str = "intruder";

/// What was reached: who asked, at which address, at which port (none: a ping), and who answered.
pub(crate) type Reached = BTreeSet<(String, String, Option<u16>, String)>;

/// The addresses of a service: its network's name, and the address there.
pub(crate) type Addresses = HashMap<String, Vec<(String, String)>>;

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

/// Waits until no IPv6 address is being looked for twice any more, in any network namespace.
const SETTLED: &str = "for _ in $(seq 100); do \
      waits=$(for pid in $(docker ps -q | xargs -r docker inspect -f '{{.State.Pid}}'); do \
        nsenter -t $pid -n ip -6 addr show tentative; done; ip -6 addr show tentative); \
      [ \"$waits\" ] || exit 0; sleep 0.1; done; echo \"$waits\"; exit 1";

/// Asks: `probe SECONDS NAME PLACE TARGETS`, where a place is a container or `-`, this machine, and a target is
/// `T address port` or `P address` on a line. Prints those that answer. It starts few processes: they are what costs.
const PROBE: &str = r#"
declare -A pids
while read -r name pid; do pids[${name#/}]=$pid; done < <(docker ps -q | xargs docker inspect -f '{{.Name}} {{.State.Pid}}')
ask() {
  seconds=$1; name=$2; targets=$3
  folder=$(mktemp -d)
  while read -r kind address port; do
    if [ "$kind" = P ]; then
      ( ping -c 1 -W "$seconds" "$address" > /dev/null 2>&1 && echo "$name $address - -" ) &
      continue
    fi
    case $address in *:*) host="[$address]";; *) host=$address;; esac
    printf 'url = "http://%s:%s/"\noutput = "%s/%s,%s"\n' "$host" "$port" "$folder" "$address" "$port" >> "$folder.curl"
  done <<< "$targets"
  curl -g -s -Z --parallel-immediate --parallel-max 300 --connect-timeout "$seconds" -m $((seconds + 1)) -K "$folder.curl"
  for file in "$folder"/*; do
    who=; [ -s "$file" ] && read -r who < "$file"
    file=${file##*/}
    [ "$who" ] && echo "$name ${file/,/ } $who"
  done
  wait
}
export -f ask
probe() {
  if [ "$3" = - ]; then ask "$1" "$2" "$4"; else nsenter -n -t "${pids[$3]}" bash -c 'ask "$@"' ask "$1" "$2" "$4"; fi
}
"#;

impl Lab {
    pub(crate) async fn open(engine: &Engine, version: &str) -> Lab {
        let run = Run::begin(engine).await.unwrap();
        let image = engine.ensure_image(IMAGE).await.unwrap();
        let mut options = MachineOptions::of_version(version);
        let prepared = run.prepare(&[image], &options).await.unwrap();
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

    /// Builds topologies side by side; the addresses of their services.
    pub(crate) async fn build(&self, batch: &[Placed<'_>]) -> Addresses {
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
        let mut addresses = Addresses::new();
        for host in 0..2 {
            sh(self.machine(host), SETTLED).await;
            let list = "docker ps -q | xargs docker inspect | jq -r '.[] | .Name as $name \
                | .NetworkSettings.Networks | to_entries[] | .key as $network | .value \
                | (.IPAddress, .GlobalIPv6Address) | select(. != \"\" and . != null) \
                | \"\\($name) \\($network) \\(.)\"'";
            for line in sh(self.machine(host), list).await.lines() {
                let [name, network, address] = words(line);
                let name = name.trim_start_matches('/').to_owned();
                let known = addresses.entry(name).or_default();
                known.push((network.to_owned(), address.to_owned()));
            }
        }
        addresses
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

    /// Asks everybody, waiting `seconds` for each answer.
    pub(crate) async fn probe(
        &self,
        batch: &[Placed<'_>],
        addresses: &Addresses,
        seconds: u32,
    ) -> Reached {
        let (first, second, neighbour) = tokio::join!(
            self.asked_inside(batch, addresses, 0, seconds),
            self.asked_inside(batch, addresses, 1, seconds),
            self.asked_outside(batch, addresses, NEIGHBOUR, seconds)
        );
        self.intrude(batch, addresses, true).await;
        let intruder = self
            .asked_outside(batch, addresses, INTRUDER, seconds)
            .await;
        self.intrude(batch, addresses, false).await;
        [first, second, neighbour, intruder]
            .into_iter()
            .flatten()
            .collect()
    }

    /// What the second machine reaches of topologies that are on the first one alone.
    async fn asked_outside(
        &self,
        batch: &[Placed<'_>],
        addresses: &Addresses,
        who: &str,
        seconds: u32,
    ) -> Reached {
        let mut script = PROBE.to_owned();
        // An intruder's way to 127.0.0.1 leads to the first machine.
        let loopback = (who == INTRUDER).then_some("127.0.0.1");
        for placed in batch.iter().filter(|placed| !placed.is_wide()) {
            let name = format!("{who}-{}", placed.number);
            ask(
                &mut script,
                &name,
                "-",
                &self.targets(placed, addresses, loopback),
                seconds,
            );
        }
        answers(&run(self.machine(1), &script).await)
    }

    /// What the containers of one machine reach, and the machine itself.
    async fn asked_inside(
        &self,
        batch: &[Placed<'_>],
        addresses: &Addresses,
        host: usize,
        seconds: u32,
    ) -> Reached {
        let mut script = PROBE.to_owned();
        for placed in batch {
            let targets = self.targets(placed, addresses, Some("127.0.0.1"));
            let itself = format!("host-{host}-{}", placed.number);
            if host == 0 || placed.is_wide() {
                ask(&mut script, &itself, "-", &targets, seconds);
            }
            for (at, service) in placed.topology.services.iter().enumerate() {
                if service.host == host {
                    let name = placed.service(at);
                    ask(&mut script, &name, &name, &targets, seconds);
                }
            }
        }
        answers(&run(self.machine(host), &script).await)
    }

    /// Whatever might lead to a service: its addresses, those of its host, and the second machine.
    fn targets(
        &self,
        placed: &Placed<'_>,
        addresses: &Addresses,
        loopback: Option<&str>,
    ) -> Vec<String> {
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
        let mut targets: Vec<String> = hosts.iter().map(|a| format!("P {a}")).collect();
        if loopback.is_some() {
            hosts.extend(["127.0.0.1", "127.0.0.2", "::1"].map(str::to_owned));
        }
        for (at, service) in services.iter().enumerate() {
            let owner = match service.stack {
                Stack::Of(owner) => owner,
                _ => at,
            };
            let port = placed.listens(at);
            for (_, address) in addresses.get(&placed.service(owner)).into_iter().flatten() {
                targets.extend([format!("T {address} {port}"), format!("P {address}")]);
            }
            targets.extend(
                hosts
                    .iter()
                    .map(|a| format!("T {a} {}", placed.host_port(at))),
            );
            if loopback.is_some() && !matches!(service.stack, Stack::Host) {
                targets.push(format!("T 127.0.0.1 {port}"));
            }
        }
        targets.push(format!("T {} {OUTSIDE_PORT}", self.lan.ipv4[1]));
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

fn ask(script: &mut String, name: &str, place: &str, targets: &[String], seconds: u32) {
    let mut targets = targets.to_vec();
    targets.sort();
    targets.dedup();
    let _ = writeln!(
        script,
        "while [ $(jobs -r | wc -l) -ge 30 ]; do wait -n; done\n\
         probe {seconds} {name} {place} '{}' &",
        targets.join("\n")
    );
}

/// Reads what `probe` prints.
fn answers(printed: &str) -> Reached {
    printed
        .lines()
        .map(|line| {
            let [source, address, port, who] = words(line);
            (
                source.to_owned(),
                address.to_owned(),
                port.parse().ok(),
                who.to_owned(),
            )
        })
        .collect()
}

fn words<const N: usize>(line: &str) -> [&str; N] {
    let words: Vec<&str> = line.split_whitespace().collect();
    words
        .try_into()
        .unwrap_or_else(|_| panic!("{N} words: {line}"))
}

async fn run(machine: &Machine, script: &str) -> String {
    said(
        machine,
        Command::new(["bash", "-s"]).stdin(format!("{script}\nwait\n").into_bytes()),
    )
    .await
}

async fn sh(machine: &Machine, script: &str) -> String {
    said(
        machine,
        Command::new(["bash", "-s"]).stdin(script.as_bytes().to_vec()),
    )
    .await
}

/// What a command prints; it must succeed.
async fn said(machine: &Machine, command: Command) -> String {
    let command = command.time(Duration::from_secs(120)).cap(16 << 20);
    let finished = machine
        .engine()
        .exec(machine.container(), command)
        .await
        .unwrap();
    assert_eq!(finished.exit, 0, "{}", finished.complaint());
    finished.text()
}
