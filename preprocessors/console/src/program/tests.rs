//! Which commands open a program, which end it, and which put one in the place of the shell.

use super::*;

fn opened_by(text: &str) -> Option<Program> {
    Program::opened_by(&Script::parse(text))
}

#[test]
fn what_opens_a_program() {
    for (text, name, kind) in [
        ("docker exec -it web sh", "web's sh", Kind::Shell),
        (
            "sudo docker exec -ti -u root web /bin/bash -l",
            "web's bash",
            Kind::Shell,
        ),
        (
            "docker container exec --interactive --tty -e A=1 web env B=2 sh",
            "web's sh",
            Kind::Shell,
        ),
        (
            "docker run -it --rm busybox:1.37 sh",
            "busybox:1.37's sh",
            Kind::Shell,
        ),
        (
            "docker run -it --name box busybox:1.37",
            "box's program",
            Kind::Unknown,
        ),
        (
            "docker run \\\n  -it python:3.13-alpine",
            "python:3.13-alpine's program",
            Kind::Unknown,
        ),
        (
            "docker run -it --entrypoint sh nginx:1.30-alpine",
            "nginx:1.30-alpine's sh",
            Kind::Shell,
        ),
        ("docker start -ai box", "box's program", Kind::Unknown),
        ("docker attach box", "box's program", Kind::Unknown),
        (
            "docker compose exec db psql -U postgres",
            "db's psql",
            Kind::Client(Client::Psql),
        ),
        (
            "docker exec -it db mysql -uroot -psecret",
            "db's mysql",
            Kind::Client(Client::Mysql),
        ),
        (
            "docker exec -it cache redis-cli -n 1",
            "cache's redis-cli",
            Kind::Client(Client::Redis),
        ),
        ("psql -h db -U postgres", "psql", Kind::Client(Client::Psql)),
        ("true && docker exec -it web sh", "web's sh", Kind::Shell),
        ("cd /x; sh # now", "sh", Kind::Shell),
        ("docker exec --tty=true -i web sh", "web's sh", Kind::Shell),
        ("bash --norc", "bash", Kind::Shell),
        ("python3 -q", "python3", Kind::Python),
        ("python3.13", "python3.13", Kind::Python),
    ] {
        let program = opened_by(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(
            (program.name.as_str(), program.kind),
            (name, kind),
            "{text}"
        );
    }
}

#[test]
fn what_opens_none() {
    for text in [
        "docker ps",
        "docker exec web sh",
        "docker exec -i web sh",
        "docker exec -it web ls",
        "docker exec -it web sh -c 'ls'",
        "docker exec -it web bash -lc ls",
        "docker run -dit --name box busybox:1.37",
        "docker run -i busybox:1.37 sh",
        "docker compose exec -T db psql",
        "docker exec -i db psql < dump.sql",
        "docker start box",
        "bash setup.sh",
        "bash --version",
        "sh <<EOF\nls\nEOF",
        "sh &",
        "exec sh",
        "curl -s x | sh",
        "echo 'docker exec -it web sh",
        "python3 -c 1",
        "python3 -m http.server",
        "python3 --version",
        "mysql -e 'select 1'",
        "redis-cli -n 1 ping",
        "psql -c 'select 1'",
        "echo sh",
        "pythonista",
    ] {
        assert_eq!(opened_by(text), None, "{text}");
    }
}

#[test]
fn the_first_prompt_tells_what_it_is() {
    for (command, line, kind) in [
        ("docker run -it x", "/ # ls", Some(Kind::Shell)),
        ("docker run -it x", "root@3f:/# ls", Some(Kind::Shell)),
        ("docker run -it x", ">>> 1", Some(Kind::Python)),
        (
            "docker run -it x",
            "mysql> select 1;",
            Some(Kind::Client(Client::Mysql)),
        ),
        (
            "docker run -it x",
            "127.0.0.1:6379> ping",
            Some(Kind::Client(Client::Redis)),
        ),
        ("docker run -it x", "# comment", None),
        ("docker run -it x", "a # b", None),
        ("docker run -it x sh", "# ls", Some(Kind::Shell)),
        ("docker attach x", "# ls", Some(Kind::Shell)),
        ("python3", "/ # ls", None),
        ("sh", ">>> 1", None),
    ] {
        let shown = opened_by(command).unwrap().shown(line);
        assert_eq!(
            shown.map(|(program, _)| program.kind),
            kind,
            "{command}: {line}"
        );
    }
}

#[test]
fn what_ends_a_program() {
    for (command, text, ends) in [
        ("sh", "exit", true),
        ("sh", "exit 3", true),
        ("sh", "exit now", false),
        ("sh", "quit", false),
        ("python3", "exit()", true),
        ("python3", "quit", true),
        ("mysql", "quit;", true),
        ("mysql", "\\q", true),
        ("mysql", "exit 3", false),
    ] {
        assert_eq!(
            opened_by(command).unwrap().ends_with(&Script::parse(text)),
            ends,
            "{command}: {text}"
        );
    }
    assert_eq!(exit_code(&Script::parse("exit 3")), Some(3));
    assert_eq!(exit_code(&Script::parse("exit")), None);
}

#[test]
fn said_prompts() {
    for (text, kind) in [
        ("sqlite>", Kind::Other),
        ("/ #", Kind::Shell),
        (">>> ", Kind::Python),
    ] {
        assert_eq!(Program::said("x", text).kind, kind, "{text}");
    }
}

#[test]
fn what_takes_the_shells_place() {
    for (text, program) in [
        ("exec bash", "bash"),
        ("exec -l bash", "bash"),
        ("exec -a login bash", "bash"),
        ("command exec bash", "bash"),
        ("exec sudo su -l ann", "sudo"),
        ("A=1 exec sh", "sh"),
        ("newgrp docker && exec $SHELL", "$SHELL"),
    ] {
        let typed = Script::parse(text);
        assert_eq!(replaces_shell(&typed), Some(program), "{text}");
    }
    for text in [
        "exec >log",
        "exec 3<>/dev/tcp/localhost/80",
        "docker exec web bash",
        "exec",
        "echo exec bash | cat",
        "exec sleep 5 &",
        "true | exec bash",
        "(exec bash)",
        "echo 'exec bash",
        "exec sh -c 'exit 9'",
        "exec true",
        "exec bash <script",
    ] {
        assert_eq!(replaces_shell(&Script::parse(text)), None, "{text}");
    }
}
