//! Which commands open a program, which end it, and which put one in the place of the shell.

use super::*;

fn opened_by(text: &str) -> Option<Opening> {
    Opening::by(&Script::parse(text))
}

/// The name of the interpreter; `-` if it isn't known yet.
fn kind(opening: &Opening) -> &'static str {
    opening.interpreter.map_or("-", Interpreter::name)
}

#[test]
fn what_opens_a_program() {
    for (text, name, expected) in [
        ("docker exec -it web sh", "web's sh", "a shell"),
        (
            "sudo docker exec -ti -u root web /bin/bash -l",
            "web's bash",
            "a shell",
        ),
        (
            "docker container exec --interactive --tty -e A=1 web env B=2 sh",
            "web's sh",
            "a shell",
        ),
        (
            "docker run -it --rm busybox:1.37 sh",
            "busybox:1.37's sh",
            "a shell",
        ),
        (
            "docker run -it --name box busybox:1.37",
            "box's program",
            "-",
        ),
        (
            "docker run \\\n  -it python:3.13-alpine",
            "python:3.13-alpine's program",
            "-",
        ),
        (
            "docker run -it --entrypoint sh nginx:1.30-alpine",
            "nginx:1.30-alpine's sh",
            "a shell",
        ),
        ("docker start -ai box", "box's program", "-"),
        ("docker attach box", "box's program", "-"),
        (
            "docker compose exec db psql -U postgres",
            "db's psql",
            "psql",
        ),
        (
            "docker exec -it db mysql -uroot -psecret",
            "db's mysql",
            "MySQL's client",
        ),
        (
            "docker exec -it cache redis-cli -n 1",
            "cache's redis-cli",
            "redis-cli",
        ),
        ("psql -h db -U postgres", "psql", "psql"),
        ("true && docker exec -it web sh", "web's sh", "a shell"),
        ("cd /x; sh # now", "sh", "a shell"),
        ("docker exec --tty=true -i web sh", "web's sh", "a shell"),
        ("bash --norc", "bash", "a shell"),
        (
            "docker exec -it app sqlite3 shop.db",
            "app's sqlite3",
            "sqlite3",
        ),
        ("python3 -q", "python3", "Python"),
        ("python3.13", "python3.13", "Python"),
    ] {
        let program = opened_by(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(
            (program.name.as_str(), kind(&program)),
            (name, expected),
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
        "docker exec -it app sqlite3 shop.db .tables",
        "echo sh",
        "pythonista",
    ] {
        assert_eq!(opened_by(text), None, "{text}");
    }
}

#[test]
fn the_first_prompt_tells_what_it_is() {
    for (command, line, expected) in [
        ("docker run -it x", "/ # ls", Some("a shell")),
        ("docker run -it x", "root@3f:/# ls", Some("a shell")),
        ("docker run -it x", ">>> 1", Some("Python")),
        (
            "docker run -it x",
            "mysql> select 1;",
            Some("MySQL's client"),
        ),
        (
            "docker run -it x",
            "127.0.0.1:6379> ping",
            Some("redis-cli"),
        ),
        ("docker run -it x", "sqlite> .tables", Some("sqlite3")),
        ("docker run -it x", "# comment", None),
        ("docker run -it x", "a # b", None),
        ("docker run -it x sh", "# ls", Some("a shell")),
        ("docker attach x", "# ls", Some("a shell")),
        ("python3", "/ # ls", None),
        ("sh", ">>> 1", None),
    ] {
        let shown = opened_by(command).unwrap().shown(line);
        assert_eq!(
            shown.map(|(program, _)| program.interpreter.name()),
            expected,
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
            opened_by(command)
                .and_then(|opening| opening.sure())
                .unwrap()
                .ends_with(&Script::parse(text)),
            ends,
            "{command}: {text}"
        );
    }
    assert_eq!(exit_code(&Script::parse("exit 3")), Some(3));
    assert_eq!(exit_code(&Script::parse("exit")), None);
}

#[test]
fn said_prompts() {
    for (text, expected) in [
        ("sum>", "a program"),
        ("sqlite>", "sqlite3"),
        ("shop=#", "psql"),
        ("/ #", "a shell"),
        (">>> ", "Python"),
    ] {
        assert_eq!(kind(&Opening::said("x", text)), expected, "{text}");
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
