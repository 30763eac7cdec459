//! Docker's tables, by column.

use crate::support::{Page, both_ways, last_holds};

const PS: &str = "\
CONTAINER ID   IMAGE               COMMAND                  CREATED         STATUS                     PORTS                                     NAMES
111111111111   busybox:1.37        \"sh -c 'echo done; e…\"   2 seconds ago   Exited (3) 2 seconds ago                                             once
222222222222   nginx:1.30-alpine   \"/docker-entrypoint.…\"   3 seconds ago   Up 3 seconds               0.0.0.0:8080->80/tcp, [::]:8080->80/tcp   web
";

#[test]
fn pasted_tables_hold() {
    for printed in [
        PS,
        // An older engine, at another time.
        "\
CONTAINER ID        IMAGE               COMMAND                  CREATED             STATUS                      PORTS                  NAMES
3f2a1b4c5d6e        busybox:1.37        \"sh -c 'echo done; ...\"   About an hour ago   Exited (3) 59 minutes ago                          once
9e8d7c6b5a4f        nginx:1.30-alpine   \"/docker-entrypoint.…\"   2 hours ago         Up 2 hours                  0.0.0.0:8080->80/tcp   web",
        // Fewer columns, in another order.
        "\
NAMES     STATUS                     IMAGE
once      Exited (3) 2 weeks ago     busybox:1.37
web       Up 2 weeks                 nginx:1.30-alpine",
        // The columns moved when the ids were replaced.
        "\
CONTAINER ID   IMAGE               COMMAND                  CREATED         STATUS                     PORTS                                     NAMES
3f2a1b4c5d6e  busybox:1.37  \"sh -c 'echo done; e…\"  2 seconds ago  Exited (3) 2 seconds ago  once
9e8d7c6b5a4f  nginx:1.30-alpine  \"/docker-entrypoint.…\"  3 seconds ago  Up 3 seconds  0.0.0.0:8080->80/tcp  web",
        // Only one row.
        "\
CONTAINER ID   IMAGE               COMMAND                  CREATED         STATUS         PORTS                  NAMES
...
9e8d7c6b5a4f   nginx:1.30-alpine   \"/docker-entrypoint.…\"   3 seconds ago   Up 3 seconds   :::8080->80/tcp, 0.0.0.0:8080->80/tcp   web",
        "CONTAINER ID   IMAGE\n...",
    ] {
        let mut page = Page::default();
        let outcome = page.run("docker ps -a", printed, PS);
        assert!(outcome.holds, "{printed}\n{:?}", outcome.explanation);
        assert!(outcome.literal);
    }
}

#[test]
fn changed_tables_do_not_hold() {
    let with = |from: &str, to: &str| {
        assert!(PS.contains(from), "{from}");
        PS.replace(from, to)
    };
    for (what, printed) in [
        ("a wrong name", with("   once", "   twice")),
        (
            "a wrong image",
            with("nginx:1.30-alpine", "nginx:1.29-alpine"),
        ),
        ("a wrong state", with("Up 3 seconds   ", "Created        ")),
        ("a wrong exit code", with("Exited (3)", "Exited (0)")),
        (
            "a wrong port",
            with(
                "0.0.0.0:8080->80/tcp, [::]:8080",
                "0.0.0.0:8081->80/tcp, [::]:8081",
            ),
        ),
        (
            "a wrong container port",
            with(
                "0.0.0.0:8080->80/tcp, [::]:8080->80",
                "0.0.0.0:8080->81/tcp, [::]:8080->81",
            ),
        ),
        (
            "no port",
            with(
                "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp",
                "                                       ",
            ),
        ),
        ("a port that is not there", with("   once", "80/tcp  once")),
        (
            "a wrong command",
            with("/docker-entrypoint.…", "/entrypoint.…       "),
        ),
        (
            "a missing row",
            PS.lines().take(2).collect::<Vec<_>>().join("\n"),
        ),
        (
            "an extra row",
            format!(
                "{PS}333333333333   nginx:1.30-alpine   \"x\"                      3 seconds ago   Up 3 seconds                                                         more"
            ),
        ),
        ("rows in another order", {
            let l: Vec<_> = PS.lines().collect();
            [l[0], l[2], l[1]].join("\n")
        }),
        ("one id twice", PS.replace("222222222222", "111111111111")),
        ("a column that is not there", with("IMAGE  ", "LABELS ")),
        (
            "no header",
            PS.lines().skip(1).collect::<Vec<_>>().join("\n"),
        ),
    ] {
        assert!(
            !last_holds(&[("docker ps -a", &printed, PS)]),
            "{what}:\n{printed}"
        );
    }
}

#[test]
fn other_tables() {
    let networks = "NETWORK ID     NAME      DRIVER    SCOPE\nfca6a3c97303   bridge    bridge    local\n7b80c567c582   front     bridge    local\n";
    let images = "REPOSITORY   TAG           IMAGE ID       CREATED       SIZE\nnginx        1.30-alpine   8fd047ca08cc   3 weeks ago   32.1MB\n";
    let volumes = "DRIVER    VOLUME NAME\nlocal     data\n";
    let nodes = "ID                            HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS\nxxxqhwhugy2md21lcstio8yj5 *   node-1     Ready     Active         Leader\niuogmbyaohnfxxxqhwhugyaaa     node-2     Ready     Active\n";
    let stats = "CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O           BLOCK I/O   PIDS\n5a582ac16ce1   web       0.00%     3.535MiB / 23.54GiB   0.01%     6.55kB / 9.97kB   0B / 0B     3\n";
    let named = "NAMES             STATUS\nhappy_curie       Up 3 seconds\n";
    both_ways(
        &[
            // Before Docker 1.10 there was no SCOPE.
            &[(
                "docker network ls",
                "NETWORK ID          NAME                DRIVER\n0a0a0a0a0a0a        bridge              bridge\n0b0b0b0b0b0b        front               bridge",
                networks,
            )],
            &[(
                "docker images",
                "REPOSITORY          TAG                 IMAGE ID            CREATED             VIRTUAL SIZE\nnginx               1.30-alpine         0a0a0a0a0a0a        5 days ago          133.4 MB",
                images,
            )],
            &[(
                "docker volume ls",
                "DRIVER              VOLUME NAME\nlocal               data",
                volumes,
            )],
            &[(
                "docker node ls",
                "ID                            HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS\ndxn1zf6l61qsb1josjja83ngz *   node-1     Ready     Active         Leader\naxn1zf6l61qsb1josjja83ngz     node-2     Ready     Active",
                nodes,
            )],
            &[(
                "docker stats --no-stream",
                "CONTAINER ID        NAME                CPU %               MEM USAGE / LIMIT   MEM %               NET I/O             BLOCK I/O           PIDS\n0a0a0a0a0a0a        web                 12.34%              1MiB / 2GiB         0.05%               0B / 0B             0B / 0B             2",
                stats,
            )],
            &[(
                "docker ps --format 'table {{.Names}}\t{{.Status}}'",
                "NAMES         STATUS\nsilly_bohr3   Up 2 days",
                named,
            )],
        ],
        &[
            &[(
                "docker network ls",
                "NETWORK ID     NAME      DRIVER    SCOPE\n0a0a0a0a0a0a   bridge    bridge    local\n0b0b0b0b0b0b   front     overlay   local",
                networks,
            )],
            &[(
                "docker network ls",
                "NETWORK ID     NAME      DRIVER    SCOPE\n0a0a0a0a0a0a   bridge    bridge    local\n0b0b0b0b0b0b   front     bridge    swarm",
                networks,
            )],
            &[(
                "docker network ls",
                "NETWORK ID     NAME      DRIVER    SCOPE\n0a0a0a0a0a0a   bridge    bridge    local\n0b0b0b0b0b0b   back      bridge    local",
                networks,
            )],
            &[(
                "docker network ls",
                "NETWORK ID     NAME      DRIVER    SCOPE\n0a0a0a0a0a0a   bridge    bridge    local",
                networks,
            )],
            &[(
                "docker images",
                "REPOSITORY   TAG       IMAGE ID       CREATED       SIZE\nnginx        latest    0a0a0a0a0a0a   3 weeks ago   32.1MB",
                images,
            )],
            &[(
                "docker volume ls",
                "DRIVER    VOLUME NAME\nlocal     other",
                volumes,
            )],
            &[(
                "docker node ls",
                "ID                            HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS\ndxn1zf6l61qsb1josjja83ngz *   node-1     Ready     Active         Leader\naxn1zf6l61qsb1josjja83ngz     node-2     Down      Active",
                nodes,
            )],
            &[(
                "docker node ls",
                "ID                            HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS\ndxn1zf6l61qsb1josjja83ngz     node-1     Ready     Active         Leader\naxn1zf6l61qsb1josjja83ngz *   node-2     Ready     Active",
                nodes,
            )],
            &[(
                "docker ps --format 'table {{.Names}}\t{{.Status}}'",
                "NAMES     STATUS\nweb       Up 2 days",
                named,
            )],
        ],
    );
}

#[test]
fn tables_after_other_text_and_after_one_another() {
    let actual = "done\n\nNETWORK ID     NAME      DRIVER\nfca6a3c97303   bridge    bridge\n\nDRIVER    VOLUME NAME\nlocal     data\n";
    let printed =
        "done\n\nNAME     DRIVER\nbridge   bridge\n\nVOLUME NAME   DRIVER\ndata          local";
    assert!(last_holds(&[(
        "docker network ls; docker volume ls",
        printed,
        actual
    )]));
    assert!(!last_holds(&[(
        "docker network ls; docker volume ls",
        &printed.replace("data", "date"),
        actual
    )]));
}

/// The engine lists the networks of a container in any order.
#[test]
fn networks_are_a_set() {
    let command = "docker ps --format 'table {{.Names}}\\t{{.Networks}}'";
    let found = "NAMES     NETWORKS\nweb       back,front\ndb        back";
    both_ways(
        &[
            &[(command, found, found)],
            &[(
                command,
                "NAMES     NETWORKS\nweb       front,back\ndb        back",
                found,
            )],
        ],
        &[
            &[(
                command,
                "NAMES     NETWORKS\nweb       front\ndb        back",
                found,
            )],
            &[(
                command,
                "NAMES     NETWORKS\nweb       front,back,third\ndb        back",
                found,
            )],
            &[(
                command,
                "NAMES     NETWORKS\nweb       front,beck\ndb        back",
                found,
            )],
        ],
    );
}
