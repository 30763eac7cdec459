//! What keeps a page in its machine: capabilities, a filter of system calls, groups with limits that it can't see, and a
//! root of a limited size. `SECURITY.md` says what that holds and what it doesn't.

use super::MachineOptions;
use serde_json::Value;

/// Steps down, on cgroup v1, below the group that has the limits; then becomes what its arguments say.
const DESCEND: &str = include_str!("descend.sh");
/// Replaces a machine's root by one of a limited size, then becomes what its arguments say.
const CONFINE: &str = include_str!("confine.sh");
/// The exit code of the two where they can't.
pub(super) const NOT_CONFINED: i64 = 125;
/// Says by its exit code whether the filter is in force.
const FILTERED: &str = include_str!("filtered.sh");
/// What the machine image starts with.
const INIT: [&str; 3] = ["/usr/bin/tini", "--", "/usr/local/sbin/seaworthy-machine"];
/// The filter of system calls, in the engine's own format. The comments in it say what each rule is for.
const FILTER: &str = include_str!("seccomp.json");
/// The system call with which an engine on cgroup v2 says which devices a container has.
const BPF: &str = "bpf";

/// Beside those that every container has: to mount, to make networks, and to see what other processes do; two more
/// that pages give to containers and that reach no further than the machine. Not those for devices, kernel modules,
/// the clock, the kernel's log, or files by handle (with which a container reads its host's disk).
pub(super) const CAPABILITIES: [&str; 5] = [
    "SYS_ADMIN",
    "NET_ADMIN",
    "SYS_PTRACE",
    "SYS_NICE",
    "IPC_LOCK",
];
/// What Docker hides from containers by default, and those settings of the kernel that stop the computer or name a
/// program which runs outside of any container. A page can uncover them; it doesn't touch them by accident.
pub(super) const MASKED: [&str; 14] = [
    "/proc/asound",
    "/proc/acpi",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/sysrq-trigger",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/modprobe",
    "/sys/firmware",
    "/sys/kernel/uevent_helper",
];

/// The entry point of a machine.
pub(super) fn machine(options: &MachineOptions) -> Vec<String> {
    confined(options, &INIT)
}

/// The entry point of a container that is confined as a machine is, and ends: with 0 if the filter is in force.
pub(super) fn trial(options: &MachineOptions) -> Vec<String> {
    confined(options, &["/bin/sh", "-c", FILTERED])
}

/// What the page may write beside the data-root is half of what memory that leaves.
fn confined(options: &MachineOptions, then: &[&str]) -> Vec<String> {
    let files = (options.memory.saturating_sub(options.data_root) / 2).to_string();
    let descend = ["/bin/sh", "-c", DESCEND, "/bin/sh"];
    let confine = [CONFINE, "seaworthy", &files];
    let words = descend.iter().chain(&confine).chain(then);
    words.map(|word| (*word).to_owned()).collect()
}

/// The filter for an engine, as its option `seccomp` takes it.
pub(super) fn filter(cgroup_v2: bool) -> String {
    let mut filter: Value =
        serde_json::from_str(FILTER).expect("seccomp.json is JSON: a test reads it");
    if cgroup_v2 && let Some(rules) = filter["syscalls"].as_array_mut() {
        rules.retain(|rule| rule["names"] != serde_json::json!([BPF]));
    }
    filter.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the filter makes of a call with these flags, as the kernel's documentation has rules: the first that fits.
    fn errno(filter: &Value, call: &str, flags: u64) -> Option<u64> {
        let rules = filter["syscalls"].as_array().unwrap();
        let fits = |rule: &&Value| {
            let names = rule["names"].as_array().unwrap();
            let args = rule["args"].as_array().cloned().unwrap_or_default();
            names.iter().any(|name| name == call)
                && args.iter().all(|arg| {
                    assert_eq!(
                        (&arg["index"], &arg["op"]),
                        (&3.into(), &"SCMP_CMP_MASKED_EQ".into())
                    );
                    flags & arg["value"].as_u64().unwrap() == arg["valueTwo"].as_u64().unwrap()
                })
        };
        rules
            .iter()
            .find(fits)
            .map(|rule| rule["errnoRet"].as_u64().unwrap())
    }

    #[test]
    fn what_is_refused() {
        const RDONLY: u64 = 1;
        const NOSUID: u64 = 2;
        const REMOUNT: u64 = 32;
        const BIND: u64 = 4096;
        const REC: u64 = 16384;
        let old = serde_json::from_str(&filter(false)).unwrap();
        let new = serde_json::from_str(&filter(true)).unwrap();
        for filter in [&old, &new] {
            for flags in [0, RDONLY, BIND, BIND | REC, BIND | RDONLY, 1 << 18] {
                assert_eq!(errno(filter, "mount", flags), None, "{flags}");
            }
            for more in [0, NOSUID, BIND, BIND | NOSUID, REC, 0xC0ED_0000] {
                assert_eq!(errno(filter, "mount", REMOUNT | RDONLY | more), None);
                assert_eq!(errno(filter, "mount", REMOUNT | more), Some(1), "{more}");
            }
            for call in ["fsopen", "mount_setattr", "open_tree", "keyctl", "add_key"] {
                assert_eq!(errno(filter, call, 0), Some(38), "{call}");
            }
            for call in ["perf_event_open", "fanotify_init", "open_by_handle_at"] {
                assert_eq!(errno(filter, call, 0), Some(1), "{call}");
            }
            assert_eq!(filter["defaultAction"], "SCMP_ACT_ALLOW");
        }
        assert_eq!(errno(&old, "bpf", 0), Some(1));
        assert_eq!(errno(&new, "bpf", 0), None);
    }
}
