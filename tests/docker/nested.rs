//! Programs inside sessions, and keys, as a person types them: on a real Docker Engine, both ways.

mod wrong;

use crate::support::{Book, check_together};
use serde_json::Value;

/// A configuration is changed inside a container, over several blocks.
const SHELL: &str = "# Shell

```console
$ docker run -d --name web nginx:1.30-alpine
3f2a6a1c3c8e2f5ffbd0ddc6c7a0bb2fa6e6c65e4a6d8f1c8a9bb8a1a2c3d4e5
$ docker exec -it web sh
/ # cd /etc/nginx/conf.d
/etc/nginx/conf.d # ls
default.conf
```

The prompt may tell another folder.

```console,proves=\"the server is changed in place\"
/etc/nginx/conf.d # cat <<'END' > default.conf
> server {
>   listen 80;
>   location / { return 200 \"changed $uri\\n\"; }
> }
> END
/etc/nginx/conf.d # nginx -t
nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
nginx: configuration file /etc/nginx/nginx.conf test is successful
/etc/nginx/conf.d # nginx -s reload
...
/etc/nginx/conf.d # exit
$ ADDRESS=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' web); echo $ADDRESS
172.17.0.2
```

```console,retry=20s
$ curl -s http://172.17.0.2/here
changed /here
```

```console,hidden
$ docker exec -it web sh
```

```console,no_run=\"shown only\"
/ # rm -rf /
/ # exit
$ true
```

```console
/ # ls /nonexistent
ls: /nonexistent: No such file or directory
/ # printf 'no newline'
no newline
/ # hostname; echo \"$0\"
3f2a6a1c3c8e
sh
/ # sh
/ # (exit 5); echo $?
5
/ # exit 7
/ # exit
```

```console,should_fail
$ docker exec -it web ls /nonexistent
ls: /nonexistent: No such file or directory
```

```console
$ docker exec -it web sh
```

```console,exit=3
/ # exit 3
```

```console,exit=4
$ docker exec -it web sh -c 'exit 4'
```

```console
$ docker exec -it web sh
/ # wget -q -O - http://127.0.0.1/there
changed /there
```

```console,retry=20s
/ # cat /tmp/ready || { touch /tmp/ready; false; }
```
";

/// Keys, and containers that are left and attached to again.
const KEYS: &str = "# Keys

```console
$ docker run -dit --name box busybox:1.37 sh
3f2a6a1c3c8e2f5ffbd0ddc6c7a0bb2fa6e6c65e4a6d8f1c8a9bb8a1a2c3d4e5
$ docker attach box
/ # NAME=value
/ # echo $NAME
value
/ # ^P^Q
$ docker ps --format '{{.Names}} {{.State}}'
box running
```

```console
$ docker attach box
/ # echo $NAME
value
^P^Q
$ docker logs box
...
value
value
$ docker logs box 2>&1 | grep -c 'stty'
1
```

```console
$ docker run -it --name pinger busybox:1.37 ping 127.0.0.1
PING 127.0.0.1 (127.0.0.1): 56 data bytes
64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.1 ms
64 bytes from 127.0.0.1: seq=1 ttl=64 time=0.1 ms
^C
--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 packets received, 0% packet loss
round-trip min/avg/max = 0.1/0.2/0.3 ms
$ sleep 100
^C
$ cat > /tmp/empty
^D
$ wc -c < /tmp/empty
0
$ docker exec -it box sh
/ # cat > /tmp/f
^D
/ # sleep 100
^C
/ # echo here
here
/ # ^D
$ docker attach box
/ # exit 3
```

```console
$ docker inspect -f '{{.State.ExitCode}}' box
3
$ docker run -it --name lasting busybox:1.37
/ # echo $$
1
/ # (sleep 1; echo late) &
/ # sleep 2; echo now
late
now
...
^P^Q
$ docker stop -t 0 lasting
lasting
```
";

const PYTHON: &str = "# Python

```console
$ docker run -it --rm python:3.13-alpine
...
>>> import socket
>>> for i in range(2):
...     print(i)
...
0
1
>>> print(\"\"\"a
... b\"\"\")
a
b
>>> 1/0
Traceback (most recent call last):
  File \"<stdin>\", line 1, in <module>
    1/0
    ~^~
ZeroDivisionError: division by zero
>>> x = 1
>>> x
1
```

Between two blocks.

```console
>>> x + 1
2
>>> import time; time.sleep(100)
^C
...
KeyboardInterrupt
>>> 'still here'
'still here'
>>> import sys; print('x' * 1_000_000, end='')
...
```

```console,exit=3
>>> sys.exit(3)
```

```console
$ docker run -it --rm python:3.13-alpine sh
/ # python3 -q
>>> 1
1
>>> ^D
/ # python3 -q
>>> exit()
/ # exit
```
";

/// A program of which only the prompt is known.
const OTHER: &str = "# Another program

```sh,file=db
echo 'welcome'
while printf 'db> ' && read -r line; do
  case $line in
    quit) exit 0 ;;
    bare) printf 'no newline' ;;
    trap) printf 'one\\ndb> '; sleep 0.5; printf '\\ntwo\\n' ;;
    big) seq 100000 ;;
    *) echo \"got $line\" ;;
  esac
done
```

```console,opens=\"db> \"
$ docker run -it --rm -v $PWD:/db:ro busybox:1.37 sh /db/db
welcome
db> get a
got get a
db> bare
no newline
db> trap
one
db> 
two
db> big
1
...
100000
```

```console
db> get b
got get b
db> quit
$ true
```

```console,opens=\"db>\"
$ sh db
```

```console
db> get c
got get c
db> ^D
$ true
```
";

#[test]
fn pages_that_hold() {
    // In what is shown by `trap`, the prompt at the line's beginning would be read as typed.
    let other = OTHER.replace("one\ndb> \ntwo", "one\n...\ntwo");
    let book = Book::new(&[
        ("src/shell.md", SHELL),
        ("src/keys.md", KEYS),
        ("src/python.md", PYTHON),
        ("src/other.md", &other),
    ]);
    let ran = book.run(&["check"]).exits(0);
    let report = book.report();
    let pages = report["runs"][0]["pages"].as_array().unwrap();
    let statuses = |page: &Value| {
        let sessions = page["sessions"].as_array().unwrap();
        let failed = sessions.iter().filter(|s| s["status"] != "passed");
        (sessions.len(), failed.count())
    };
    let found: Vec<_> = pages.iter().map(statuses).collect();
    // One isn't run.
    assert_eq!(found, [(12, 1), (4, 0), (4, 0), (4, 0)], "{}", ran.stdout);
}

#[test]
fn blocks_are_listed_with_their_prompts() {
    let book = Book::page(KEYS);
    let listed: Value =
        serde_json::from_str(&book.run(&["list", "--format", "json"]).exits(0).stdout).unwrap();
    let commands = listed["pages"][0]["sessions"][0]["commands"]
        .as_array()
        .unwrap();
    let shown = |c: &Value| {
        format!(
            "{}|{}",
            c["prompt"].as_str().unwrap(),
            c["text"].as_str().unwrap()
        )
    };
    assert_eq!(
        commands[1..5].iter().map(shown).collect::<Vec<_>>(),
        [
            "$ |docker attach box",
            "/ # |NAME=value",
            "/ # |echo $NAME",
            "/ # |^P^Q"
        ]
    );
}

/// MySQL's own client, on a real server: it has no marks, its prompt is all there is.
const MYSQL: &str = "# MySQL

```console,timeout=2m
$ docker run -d --name db -e MYSQL_ROOT_PASSWORD=secret -e MYSQL_DATABASE=shop mysql:9.7
3f2a8b6c1d9e7f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a
```

```console,hidden,retry=60s
$ docker exec db mysql -h127.0.0.1 -psecret -e 'select 1'
...
```

```console
$ docker exec -it db mysql -psecret shop
...
mysql> create table users (
    ->   id int primary key,
    ->   name varchar(20)
    -> );
Query OK, 0 rows affected (0.03 sec)

mysql> insert into users values (1, 'Ada'), (2, 'Grace');
Query OK, 2 rows affected (0.01 sec)
Records: 2  Duplicates: 0  Warnings: 0

mysql> select * from users;
+----+-------+
| id | name  |
+----+-------+
|  1 | Ada   |
|  2 | Grace |
+----+-------+
2 rows in set (0.00 sec)

mysql> select * from nobody;
ERROR 1146 (42S02): Table 'shop.nobody' doesn't exist
mysql> exit
Bye
$ echo after
after
```

And what is not so:

```console
$ docker exec -it db mysql -psecret shop
...
mysql> select name from users where id = 2;
+------+
| name |
+------+
| Alan |
+------+
1 row in set (0.00 sec)
mysql> exit
```
";

#[test]
fn the_mysql_client() {
    let book = Book::page(MYSQL);
    let ran = book.run(&["check"]).exits(1);
    ran.says("in db's mysql: ").says("| Alan ");
    let report = book.report();
    let sessions = report["runs"][0]["pages"][0]["sessions"]
        .as_array()
        .unwrap();
    let statuses: Vec<_> = sessions.iter().map(|session| &session["status"]).collect();
    assert_eq!(statuses, ["passed", "passed", "passed", "failed"]);
    let commands = |nth: usize| sessions[nth]["commands"].as_u64().unwrap();
    assert_eq!((0..3).map(commands).sum::<u64>(), 9);
}

/// As version 3.46 shows it, which says what is open on further lines.
const SQLITE: &str = "# SQLite

```console
$ docker run -it --rm keinos/sqlite3:3.46
SQLite version 3.46.1 2024-08-13 09:16:08
...
sqlite> create table users (
(x1...>   id int primary key,
(x1...>   name text
(x1...> );
sqlite> insert into users values (1, 'Ada'),
   ...>   (2, 'Grace; the admiral');
sqlite> select * from users;
1|Ada
2|Grace; the admiral
```

```console
sqlite> select * from nobody;
Parse error: no such table: nobody
sqlite> .tables
users
sqlite> .quit
$ docker run -it --rm keinos/sqlite3:3.46 sqlite3 :memory: 'select 6 * 7'
42
```
";

#[test]
fn sqlite3() {
    // What it prints counts, and that it says that a statement failed.
    let wrong = SQLITE.replace("1|Ada\n", "1|Alan\n");
    let silent = SQLITE.replace("Parse error: no such table: nobody\n", "");
    let checked = check_together([SQLITE, &wrong, &silent], &[]);
    let report = checked.book.report();
    let sessions = report["runs"][0]["pages"][0]["sessions"]
        .as_array()
        .unwrap();
    let commands = sessions.iter().map(|session| {
        assert_eq!(session["status"], "passed", "{}", checked.said[0]);
        session["commands"].as_u64().unwrap()
    });
    assert_eq!(commands.sum::<u64>(), 8);
    for (said, words) in [
        (1, "in keinos/sqlite3:3.46's program: "),
        (1, "Alan"),
        (2, "exited with 1"),
    ] {
        let said = &checked.said[said];
        assert!(said.contains(words), "no {words} in\n{said}");
    }
}
