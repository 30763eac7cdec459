//! How much an engine's host can carry.

use super::endpoint::Address;
use super::{Engine, EngineError};

/// How many machines a processor carries. Pages mostly wait: for containers to come up, for engines, for time to pass.
const FOR_EACH_CPU: usize = 2;
/// The most machines at a time, however large the computer: one engine makes and removes all of their containers.
const MOST: usize = 16;

/// What is free on an engine's host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Processors.
    pub cpus: usize,
    /// Memory in bytes: what is available now if the host is this computer, else all that the engine knows of.
    pub memory: u64,
}

impl Engine {
    /// Asks the engine what its host can carry.
    pub async fn capacity(&self) -> Result<Capacity, EngineError> {
        let info = self.info("asking what its host can carry").await?;
        let total = info.mem_total.and_then(|bytes| u64::try_from(bytes).ok());
        let total = total.unwrap_or_default();
        // An engine behind a local socket may still run in a virtual machine with less memory.
        let here = matches!(self.endpoint().address, Address::Unix(_));
        let available = here.then(available).flatten().unwrap_or(total);
        let cpus = info.ncpu.and_then(|count| usize::try_from(count).ok());
        Ok(Capacity {
            cpus: cpus.unwrap_or(1).max(1),
            memory: available.min(total),
        })
    }
}

/// The memory of this computer that is available, in bytes, where the kernel tells (proc_meminfo(5), `MemAvailable`).
fn available() -> Option<u64> {
    let meminfo = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = meminfo
        .lines()
        .find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

impl Capacity {
    /// How many machines of `memory` bytes run at a time: as many as the memory holds, but no more than two for each
    /// processor, nor more than sixteen; and at least one.
    #[must_use]
    pub fn machines(self, memory: u64) -> usize {
        let held = self.memory / memory.max(1);
        let held = usize::try_from(held).unwrap_or(usize::MAX);
        held.min(self.cpus * FOR_EACH_CPU).clamp(1, MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_this_computer() {
        let available = available().unwrap();
        assert!(available > 1 << 24 && available < 1 << 50, "{available}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_an_engine_tells_of_its_host() {
        let said = r#"{"NCPU":3,"MemTotal":8000000}"#;
        let fake = crate::engine::fake::Fake::answering(|_| Some(crate::engine::fake::ok(said)));
        let capacity = fake.engine().await.capacity().await.unwrap();
        let (cpus, memory) = (3, 8_000_000);
        assert_eq!(capacity, Capacity { cpus, memory });
    }

    #[test]
    fn as_many_as_both_allow() {
        const GIB: u64 = 1 << 30;
        for (cpus, memory, machines) in [
            (2, 32, 4),
            (2, 7, 3),
            (8, 7, 3),
            (8, 1, 1),
            (1, 64, 2),
            (64, 512, 16),
        ] {
            let capacity = Capacity {
                cpus,
                memory: memory * GIB,
            };
            assert_eq!(capacity.machines(2 * GIB), machines, "{capacity:?}");
        }
    }
}
