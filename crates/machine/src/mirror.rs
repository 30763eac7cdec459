//! The registry mirror of a run: `docker pull` in a machine works, offline too, with what the outer engine holds or can
//! pull. Enter with [`Mirror::join`].
//!
//! It is a container on the networks of the run's machines (`seaworthy-mirror` of the machine image tells how it
//! answers), without any privilege. It prints the name of each image that it is asked for and lacks, and the machine
//! waits; this process, which reads that, finds the image on the outer engine, or has it pulled there, and brings it, or
//! says that there is none. So names that are known only when a page runs work too. Machines can but read from it.

use super::MachineError;
use super::network::Network;
use super::start::no_image;
use crate::engine::api::{
    ContainerCreateBody, EndpointIpamConfig, EndpointSettings, HostConfig, NetworkConnectRequest,
    NetworkingConfig,
};
use crate::engine::{Command, Engine, EngineError, Image, Stdin};
use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use seaworthy_words::Reference;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// The program in the machine image.
const PROGRAM: &str = "/usr/local/sbin/seaworthy-mirror";
/// The port that it serves on.
const PORT: u16 = 5000;
/// How long it may take to come up.
const START: Duration = Duration::from_secs(30);
/// How long bringing it one image may take, a pull by the outer engine aside.
const BRING: Duration = Duration::from_secs(300);
/// How many images are brought at a time.
const AT_A_TIME: usize = 4;
/// Memory in bytes; nothing in it needs much, whatever machines do.
const MEMORY: i64 = 256 << 20;
/// The most processes; a request is one or two.
const PROCESSES: i64 = 256;

type Output = Pin<Box<dyn Stream<Item = Result<Bytes, EngineError>> + Send>>;

/// What machines have asked the mirror for.
#[derive(Clone, Debug, Default)]
pub struct Pulled {
    /// The images that it had or was brought.
    pub images: Vec<Image>,
    /// Those that couldn't be had, by their names with tag, and why.
    pub missing: BTreeMap<String, String>,
}

/// The address of the mirror on a network, whether it is there yet or not.
pub(super) fn address(network: &Network) -> String {
    format!("http://{}:{PORT}", network.last_address())
}

/// The mirror of a run; comes with the run's first network.
#[derive(Debug, Default)]
pub(super) struct Mirror {
    up: Mutex<Option<Up>>,
    pulled: Arc<std::sync::Mutex<Pulled>>,
}

#[derive(Debug)]
struct Up {
    container: String,
    /// The ids of the networks that it is on.
    networks: HashSet<String>,
    /// Brings what is asked for; ends with the container.
    bringing: JoinHandle<()>,
}

impl Drop for Up {
    fn drop(&mut self) {
        self.bringing.abort();
    }
}

impl Mirror {
    /// Has the mirror on a network, where it has its [`address`]. The container is made from the machine image `image`
    /// and marked with `labels`. One that has ended is replaced.
    pub(super) async fn join(
        &self,
        engine: &Engine,
        image: &str,
        labels: &HashMap<String, String>,
        network: &Network,
    ) -> Result<(), MachineError> {
        let mut known = self.up.lock().await;
        if known.as_ref().is_some_and(|up| up.bringing.is_finished())
            && let Some(up) = known.take()
        {
            engine.remove_container(&up.container).await?;
        }
        match &mut *known {
            Some(up) if up.networks.contains(&network.id) => {}
            Some(up) => {
                let request = NetworkConnectRequest {
                    container: up.container.clone(),
                    endpoint_config: Some(endpoint(network)),
                };
                let doing = "connecting the registry mirror to a network";
                engine.connect_network(doing, &network.id, request).await?;
                up.networks.insert(network.id.clone());
            }
            None => *known = Some(self.start(engine, image, labels, network).await?),
        }
        Ok(())
    }

    async fn start(
        &self,
        engine: &Engine,
        image: &str,
        labels: &HashMap<String, String>,
        network: &Network,
    ) -> Result<Up, MachineError> {
        let request = request(image, labels, network);
        let created = engine
            .create_container("creating the registry mirror", request)
            .await;
        let container = created.map_err(|error| no_image(error, image))?;
        match serving(engine, &container).await {
            Ok(lines) => Ok(Up {
                networks: HashSet::from([network.id.clone()]),
                bringing: tokio::spawn(bring_all(
                    engine.clone(),
                    container.clone(),
                    lines,
                    self.pulled.clone(),
                )),
                container,
            }),
            Err(error) => {
                // If it can't be removed now, the end of the run removes it, or says why it can't.
                let _ = engine.remove_container(&container).await;
                Err(error)
            }
        }
    }

    /// How the mirror ended, if it was there and has ended, or stands still.
    pub(super) async fn end(&self, engine: &Engine) -> Option<String> {
        // While a page's network is being joined, nobody waits for what the mirror has.
        let up = self.up.try_lock().ok()?;
        let up = up.as_ref()?;
        match engine.container_end(&up.container, false).await {
            Ok(None) => up
                .bringing
                .is_finished()
                .then(|| "its output ended".to_owned()),
            Ok(end) => end,
            // What the engine can't say now, it is asked again.
            Err(_) => None,
        }
    }

    /// Whether the mirror, if it is there, answers a request within that time.
    pub(super) async fn answers(&self, engine: &Engine, time: Duration) -> bool {
        let Ok(up) = self.up.try_lock() else {
            return true;
        };
        let container = up.as_ref().map(|up| up.container.clone());
        drop(up);
        let Some(container) = container else {
            return true;
        };
        let ask = format!(
            "exec 3<>/dev/tcp/127.0.0.1/{PORT} && printf 'GET /v2/ HTTP/1.0\r\n\r\n' >&3 && read -r _ <&3"
        );
        let seconds = time.as_secs().to_string();
        let ask = Command::new(["timeout", &seconds, "bash", "-c", &ask]).time(time * 3);
        match engine.exec(&container, ask).await {
            Ok(finished) => finished.exit == 0,
            // It could not be asked because it stands still; any other trouble is the engine's.
            Err(EngineError::Refused { message, .. }) => !message.contains("paused"),
            Err(_) => true,
        }
    }

    /// What machines have asked for so far.
    pub(super) fn pulled(&self) -> Pulled {
        lock(&self.pulled).clone()
    }
}

/// No privilege, nothing of the caller's computer, and no way from one network to another.
fn request(
    image: &str,
    labels: &HashMap<String, String>,
    network: &Network,
) -> ContainerCreateBody {
    let words = |words: &[&str]| Some(words.iter().map(|word| word.to_string()).collect());
    ContainerCreateBody {
        image: Some(image.to_owned()),
        hostname: Some("registry-mirror".to_owned()),
        labels: Some(labels.clone()),
        entrypoint: words(&["/usr/bin/tini", "--", PROGRAM]),
        attach_stdout: Some(true),
        networking_config: Some(NetworkingConfig {
            endpoints_config: Some(HashMap::from([(network.id.clone(), endpoint(network))])),
        }),
        host_config: Some(HostConfig {
            network_mode: Some(network.id.clone()),
            memory: Some(MEMORY),
            memory_swap: Some(MEMORY),
            pids_limit: Some(PROCESSES),
            cap_drop: words(&["ALL"]),
            security_opt: words(&["no-new-privileges"]),
            sysctls: Some(HashMap::from([(
                "net.ipv4.ip_forward".to_owned(),
                "0".to_owned(),
            )])),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// Its place on a network.
fn endpoint(network: &Network) -> EndpointSettings {
    EndpointSettings {
        ipam_config: Some(EndpointIpamConfig {
            ipv4_address: Some(network.last_address().to_string()),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// Starts the container and waits until it serves. Returns what it goes on to print.
async fn serving(engine: &Engine, container: &str) -> Result<Lines, MachineError> {
    let doing = "attaching to the registry mirror";
    let output = engine.attach_container(doing, container).await?;
    engine
        .start_container("starting the registry mirror", container)
        .await?;
    let mut lines = Lines {
        output: output.boxed(),
        read: BytesMut::new(),
    };
    let why = match tokio::time::timeout(START, lines.next()).await {
        Ok(Some(line)) if line == "serving" => return Ok(lines),
        Ok(Some(line)) => format!("it printed {line:?}"),
        Ok(None) => match engine.container_end(container, true).await? {
            Some(end) => end,
            None => "its output ended".to_owned(),
        },
        Err(_) => format!("it did not serve within {} s", START.as_secs()),
    };
    Err(MachineError::Mirror { why })
}

/// The lines that the mirror prints.
struct Lines {
    output: Output,
    read: BytesMut,
}

impl Lines {
    /// The next line; none at the end, whether the mirror ended or the connection to it.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line = self.read.split_to(end);
                self.read.advance(1);
                return Some(String::from_utf8_lossy(&line).into_owned());
            }
            match self.output.next().await? {
                Ok(printed) => self.read.extend_from_slice(&printed),
                Err(_) => return None,
            }
        }
    }
}

/// Brings what the mirror lacks, until it ends.
async fn bring_all(
    engine: Engine,
    container: String,
    lines: Lines,
    pulled: Arc<std::sync::Mutex<Pulled>>,
) {
    let lines = futures_util::stream::unfold(lines, |mut lines| async {
        let line = lines.next().await?;
        Some((line, lines))
    });
    lines
        .for_each_concurrent(AT_A_TIME, |line| {
            let (engine, container, pulled) = (&engine, &container, &pulled);
            async move {
                let Some((name, tag)) = line.split_once(' ') else {
                    return;
                };
                let whole = format!("{name}:{tag}");
                match bring(engine, container, name, tag).await {
                    Ok(image) => {
                        let mut pulled = lock(pulled);
                        pulled.missing.remove(&image.reference.to_string());
                        pulled.images.push(image);
                    }
                    Err(error) => {
                        let short = Reference::parse(&whole).to_string();
                        lock(pulled).missing.insert(short, error.to_string());
                        let refuse = Command::new([PROGRAM, "refuse", name, tag]);
                        // If even that fails, the mirror is gone, and with it who waits.
                        let _ = engine.exec(container, refuse).await;
                    }
                }
            }
        })
        .await;
}

async fn bring(
    engine: &Engine,
    container: &str,
    name: &str,
    tag: &str,
) -> Result<Image, EngineError> {
    let image = engine.ensure_image(&format!("{name}:{tag}")).await?;
    let doing = format!("exporting the image {}", image.reference);
    let mut add = Command::new([PROGRAM, "add", name, tag]).time(BRING);
    add.stdin = Stdin::Stream(engine.export_image(&image).boxed());
    let added = engine.exec(container, add).await?;
    if added.exit == 0 {
        return Ok(image);
    }
    Err(EngineError::Unexpected {
        doing,
        why: added.complaint(),
    })
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
