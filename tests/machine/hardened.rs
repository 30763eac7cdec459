//! What no page can do, whatever it knows: change a prepared image, lift its machine's limits, reach what belongs to the
//! whole computer. Each of these was done once.

use super::common::*;
use super::made::Made;
use seaworthy_machine::{
    DEFAULT_IMAGE, Exhausted, Machine, MachineKind, MachineOptions, Run, probe,
};
use seaworthy_terminal::{Limits, Terminal, TerminalOptions};
use std::time::Duration;

/// What a shell command prints in a machine, its errors among it, whether it succeeds or not.
async fn tried(machine: &Machine, script: &str) -> String {
    sh(machine, &format!("{{ {script}\n}} 2>&1 || :")).await
}

/// A machine with the limits of the attacks.
fn options() -> MachineOptions {
    MachineOptions {
        memory: 640 << 20,
        data_root: 320 << 20,
        processes: 400,
        ..MachineOptions::default()
    }
}

/// Every way to write to a file below the mount $at that the tests know of. Each is followed by the writing itself.
const WAYS: &[&str] = &[
    "true",
    "mount -o remount,rw $at",
    "mount -o remount,ro $at",
    "mount -o remount,bind,rw,nosuid,nodev,noexec $at",
    "mount -o remount,bind,rw $at",
    "mount -i -o remount,bind,rw,nosuid,noatime $at",
    // With other flags first, so that a second step needs only to leave one out.
    "mount -o remount,bind,ro,nosuid $at && mount -o remount,bind,rw $at",
    "mkdir -p /b && mount --bind $at /b && mount -o remount,bind,rw /b; at=/b",
    "mkdir -p /b && mount --rbind $at /b && mount --make-private /b && at=/b",
    "mkdir -p /b && mount --move $at /b && mount -o remount,rw /b; at=/b",
    // The newer calls, with which the mount becomes writable as it is made.
    "mkdir -p /b && mount --bind -o rw=recursive $at /b && at=/b",
    "mkdir -p /b && mount -o bind,X-mount.idmap=b:0:0:1000 $at /b && at=/b",
    "mkdir -p /b /m && mount -t overlay -o lowerdir=/m,upperdir=$at,workdir=$at o /b && at=/b",
    // In name spaces of its own, with all capabilities over them.
    "ns='unshare -m'; $ns mount -o remount,bind,rw $at",
    "ns='unshare -Urm'; $ns mount -o remount,bind,rw $at",
];

/// The last way of all: the disk itself, by a node of one's own making or of the kernel's.
const DISK: &str = "id=$(awk -v at=$at '$5 == at { print $3 }' /proc/self/mountinfo); \
    mknod /disk b ${id%:*} ${id#*:} && dd if=/disk of=/dev/null count=1; \
    mkdir -p /dev2 && mount -t devtmpfs d /dev2 && find /dev2 -type b | while read disk; do dd if=$disk of=/dev/null count=1 && echo READ $disk; done; \
    mkdir -p /mnt/d && mount /disk /mnt/d && echo MOUNTED";

#[tokio::test]
async fn a_prepared_image_cannot_be_changed() {
    let engine = engine().await;
    let scripts = [
        "mkdir -p /data/old && echo old > /data/old/file && echo gone > /gone",
        "rm /gone && rm -r /data && mkdir -p /data && echo new > /data/new",
        "echo third > /data/third",
    ];
    let made = Made::from("attacked", &scripts);
    let run = Run::begin(&engine).await.unwrap();
    let images = [engine.image(&made.name).await.unwrap().unwrap()];
    let prepared = run.prepare(&images, &MachineOptions::default()).await;
    let images: Vec<_> = prepared.unwrap().into_iter().map(Result::unwrap).collect();
    let options = MachineOptions {
        images,
        ..MachineOptions::default()
    };
    // Its content, directly and as what another image is built from.
    let name = &made.name;
    let look = format!(
        "see='cat /data/new /data/third; ls /data; ls /gone 2>&1 | wc -l; find / -xdev -name old -o -name POISON | wc -l'; \
         docker run --rm {name} sh -c \"$see\"; \
         printf 'FROM {name}\\nRUN rm /data/new && mkdir /data/old\\n' | docker build -q -t above - > /dev/null; \
         docker run --rm above sh -c 'ls /data; ls /data/old'"
    );
    let right = "new\nthird\nnew\nthird\n1\n0\nold\nthird";
    let machine = Single::start(&run, &options).await.unwrap();
    assert_eq!(sh(&machine, &look).await, right);
    for way in WAYS {
        let script = format!(
            "at=$(echo /var/lib/seaworthy/*/layers); at=${{at%/layers}}; ns=; {way}; \
             for layer in $at/layers/*; do $ns touch $layer/POISON && echo POISONED; $ns rm -f $layer/data/new; done"
        );
        // In mounts of its own, so that the next way finds them as they were.
        let own = format!("unshare -m sh -c '{}'", script.replace('\'', "'\\''"));
        let said = tried(&machine, &own).await;
        println!("{way}\n{said}\n");
        assert!(
            said.contains("Read-only file system") && !said.contains("POISONED"),
            "{way}: {said}"
        );
    }
    machine.remove().await.unwrap();
    let machine = Single::start(&run, &options).await.unwrap();
    let at = "at=$(echo /var/lib/seaworthy/*/layers); at=${at%/layers};";
    // From a container that may do anything that there is. Its errors go the way of its output, so that they stay in order.
    let inside = format!(
        "{at} docker run --rm --cap-add SYS_ADMIN --security-opt seccomp=unconfined -v $at:/at:ro {SMALL} sh -c 'exec 2>&1; mount -o remount,rw /at; mount -o remount,bind,rw /at; mount -o remount,bind,rw,nosuid /at; touch /at/layers/POISON && echo POISONED; echo tried'"
    );
    give(&machine, SMALL).await;
    let said = tried(&machine, &inside).await;
    assert!(said.ends_with("tried"), "{said}");
    assert!(!said.contains("POISONED"), "{said}");
    let said = tried(&machine, &format!("{at} {DISK}")).await;
    println!("{said}");
    assert!(said.contains("'/disk': Operation not permitted"), "{said}");
    for bad in ["READ", "MOUNTED", "copied"] {
        assert!(!said.contains(bad), "{said}");
    }
    machine.remove().await.unwrap();

    let after = Single::start(&run, &options).await.unwrap();
    assert_eq!(sh(&after, &look).await, right);
    run.end().await.unwrap();
}

/// On cgroup v1, a group's files say what may be used; on v2, some of them, and a program of the kernel's. Tried from
/// the page's shell, as it is and with the shell's own group for the root of what is seen.
#[tokio::test]
async fn limits_cannot_be_lifted() {
    const LIFT: &str = "mkdir -p /g; for names in memory pids devices; do mkdir -p /g/$names; \
        mount -t cgroup -o $names g /g/$names || mount -t cgroup2 g /g/$names; done; \
        w() { for file in $(find /sys/fs/cgroup /g /var/lib/seaworthy -name $1); do echo $2 > $file; done; }; \
        w devices.allow a; w memory.memsw.limit_in_bytes -1; w memory.limit_in_bytes -1; w pids.max max; \
        w memory.max max; w memory.swap.max max";
    const OPEN: &str = "mknod /disk b 254 0; mknod /mem c 1 1; mknod /kmsg c 1 11; mkdir -p /dev2; mount -t devtmpfs d /dev2; \
        for one in /disk /mem /kmsg $(find /dev2 -type b) /dev2/mem; do head -c 1 $one > /dev/null && echo OPENED; done; \
        mount /disk /mnt && echo OPENED; echo tried";
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = Single::start(&run, &options()).await.unwrap();
    for inside in ["", "unshare -C ", "unshare -UrmC ", "unshare -mC "] {
        let shell = TerminalOptions::default();
        let shell = Terminal::open(machine.place(), &shell).await;
        let mut shell = shell.unwrap();
        let mut tried = async |script: &str| {
            let limits = Limits {
                time: Duration::from_secs(30),
                ..Limits::default()
            };
            shell.run(&[script], limits).await.unwrap()
        };
        let lifted = tried(&format!("{inside}bash -c '{LIFT}'")).await;
        println!("{inside}: {}", lifted.output);
        let opened = tried(&format!("{inside}bash -c '{OPEN}'")).await;
        assert!(opened.output.ends_with("tried\n"), "{opened:?}");
        assert!(!opened.output.contains("OPENED"), "{opened:?}");
        // More memory than it has, and more processes.
        let memory =
            tried("bash -c 'head -c 700M /dev/zero | tail | wc -c; echo ${PIPESTATUS[1]}'").await;
        assert!(memory.output.ends_with("137\n"), "{memory:?}");
        let many =
            tried("bash -c 'for i in {1..500}; do sleep 5 & done' 2>&1 | grep -m 1 -o Resource.*")
                .await;
        assert_eq!(many.output, "Resource temporarily unavailable\n");
        tried("pkill sleep; sleep 0.2").await;
    }
    let found = machine.exhausted().await;
    assert!(found.contains(&Exhausted::Processes), "{found:?}");
    assert!(
        found
            .iter()
            .any(|one| matches!(one, Exhausted::Memory { .. })),
        "{found:?}"
    );
    run.end().await.unwrap();
}

/// What belongs to the computer as a whole, or to its user.
#[tokio::test]
async fn what_is_not_the_machines() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = Single::start(&run, &options()).await.unwrap();
    // No group from which a program could be started outside.
    let agent = "mkdir -p /g; for names in memory pids cpu name=systemd devices; do mount -t cgroup -o $names g /g && { ls /g | grep release_agent; umount /g; }; done; \
        mount -t cgroup -o none,name=ours,release_agent=/x g /g && echo MADE; \
        mount -o remount,release_agent=/x,memory /sys/fs/cgroup/memory && echo SET; \
        mount -o remount,ro,release_agent=/x,memory /sys/fs/cgroup/memory && echo SET; find / -name release_agent 2> /dev/null";
    let said = tried(&machine, agent).await;
    assert!(!said.contains("MADE") && !said.contains("SET"), "{said}");
    assert!(
        !said.lines().any(|line| line.ends_with("release_agent")),
        "{said}"
    );
    // What hides a setting can't be made to show it.
    let mask = "mount -o remount,bind,rw $at 2> /dev/null; echo x > $at; cat $at";
    let mask = format!("at=/proc/sys/kernel/core_pattern; {mask}");
    assert_eq!(tried(&machine, &mask).await, "");
    run.end().await.unwrap();
}

/// Calls that the filter refuses, with the errors that programs know how to take: from a container that is filtered by
/// nothing else. (On cgroup v2 an engine needs `bpf`.)
const CALLS: &str = r#"
import ctypes, errno, platform
arm = platform.machine() == "aarch64"
libc = ctypes.CDLL(None, use_errno=True)
for name, number, on_arm in [("add_key", 248, 217), ("request_key", 249, 218), ("keyctl", 250, 219), ("perf_event_open", 298, 241),
        ("fanotify_init", 300, 262), ("open_by_handle_at", 304, 265), ("bpf", 321, 280), ("userfaultfd", 323, 282),
        ("open_tree", 428, 428), ("fsopen", 430, 430), ("io_uring_setup", 425, 425), ("mount_setattr", 442, 442)]:
    ctypes.set_errno(0)
    assert libc.syscall(on_arm if arm else number, 0, 0, 0, 0, 0) == -1, name
    print(name, errno.errorcode[ctypes.get_errno()])
"#;

#[tokio::test]
async fn calls_that_reach_beyond() {
    const PYTHON: &str = "python:3.13-alpine";
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    give(&machine, PYTHON).await;
    machine
        .write_file("/", "calls.py", CALLS.as_bytes())
        .await
        .unwrap();
    let on_v2 = sh(
        &machine,
        "[ -e /sys/fs/cgroup/cgroup.controllers ] && echo yes || :",
    )
    .await;
    let bpf = if on_v2 == "yes" { "EINVAL" } else { "EPERM" };
    let right = format!(
        "add_key ENOSYS\nrequest_key ENOSYS\nkeyctl ENOSYS\nperf_event_open EPERM\nfanotify_init EPERM\n\
         open_by_handle_at EPERM\nbpf {bpf}\nuserfaultfd EPERM\nopen_tree ENOSYS\nfsopen ENOSYS\n\
         io_uring_setup EPERM\nmount_setattr ENOSYS"
    );
    let call = format!(
        "docker run -i --rm --cap-add SYS_ADMIN --security-opt seccomp=unconfined {PYTHON} python - < /calls.py"
    );
    assert_eq!(sh(&machine, &call).await, right);
    run.end().await.unwrap();
}

/// A machine whose root can't be replaced is none: nothing of a page is run in it, and no other page is tried.
#[tokio::test]
async fn what_cannot_be_confined_is_a_fault() {
    let engine = engine().await;
    let name = format!("seaworthy-test/unconfined-{}", std::process::id());
    let docker = |words: &[&str]| {
        let ran = std::process::Command::new("docker").args(words).output();
        let ran = ran.unwrap();
        assert!(ran.status.success(), "{words:?}: {ran:?}");
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    };
    // As on a kernel that mounts no overlay over an overlay.
    let container = docker(&["create", DEFAULT_IMAGE]);
    let script = tempfile::NamedTempFile::new().unwrap();
    let refusing = "#!/bin/sh\ncase $* in *overlay*) echo refused >&2; exit 32 ;; esac\nexec /usr/bin/mount.real \"$@\"\n";
    std::fs::write(script.path(), refusing).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(script.path(), executable).unwrap();
    let real = tempfile::tempdir().unwrap();
    let real = real.path().join("mount");
    docker(&[
        "cp",
        &format!("{container}:/usr/bin/mount"),
        real.to_str().unwrap(),
    ]);
    docker(&[
        "cp",
        real.to_str().unwrap(),
        &format!("{container}:/usr/bin/mount.real"),
    ]);
    docker(&[
        "cp",
        script.path().to_str().unwrap(),
        &format!("{container}:/usr/bin/mount"),
    ]);
    docker(&["commit", &container, &name]);
    docker(&["rm", &container]);
    let run = Run::begin(&engine).await.unwrap();
    let options = MachineOptions {
        image: name.clone(),
        ..MachineOptions::default()
    };
    let started = Single::start(&run, &options).await;
    let tried = probe(&engine, &options).await.unwrap().trial.unwrap();
    run.end().await.unwrap();
    docker(&["rmi", &name]);
    for error in [started.unwrap_err(), tried.unwrap_err()] {
        assert_eq!(error.kind(), MachineKind::Refused);
        let said = error.to_string();
        assert!(
            said.starts_with("a machine can't be confined on this engine"),
            "{said}"
        );
        assert!(
            said.contains("refused") && said.contains("overlay2"),
            "{said}"
        );
    }
}
