#!/bin/bash
# Prepares MySQL as the official image does before it starts. If the data folder is empty, a database is made, and
# a server that listens on a socket only, never on TCP, runs what the variables and /docker-entrypoint-initdb.d ask for.
#
# MYSQL_ROOT_PASSWORD, or MYSQL_ALLOW_EMPTY_PASSWORD or MYSQL_RANDOM_ROOT_PASSWORD; MYSQL_ROOT_HOST (% by default);
# MYSQL_DATABASE; MYSQL_USER with MYSQL_PASSWORD. Each may be given as NAME_FILE, a file that holds the value.
# From /docker-entrypoint-initdb.d: *.sh, *.sql and *.sql.gz, in the order of their names.
set -euo pipefail
shopt -s nullglob

readonly DATA=/var/lib/mysql SOCKET=/var/run/mysqld/mysqld.sock

say() { echo "$(date -u '+%F %T+00:00') [Note] [Entrypoint]: $*"; }

fail() {
    echo "$(date -u '+%F %T+00:00') [ERROR] [Entrypoint]: $*" >&2
    exit 1
}

# read_file_variable NAME: takes the value from the file that NAME_FILE names, if it is set.
read_file_variable() {
    local file=${1}_FILE
    [[ -n ${!file:-} ]] || return 0
    [[ -z ${!1:-} ]] || fail "both $1 and $file are set"
    export "$1=$(<"${!file}")"
}

# quoted TEXT: as a string of SQL.
quoted() {
    local text=${1//\\/\\\\}
    printf "'%s'" "${text//\'/\'\'}"
}

# client ARGUMENT…: mysql as root, on the socket.
client() {
    MYSQL_PWD=${root_password:-} mysql --protocol=socket --socket="$SOCKET" -uroot --comments "$@"
}

start_without_network() {
    "$@" --skip-networking --mysqlx=OFF --socket="$SOCKET" &
    server=$!
    for ((i = 0; i < 600; i++)); do
        client -e 'SELECT 1' >/dev/null 2>&1 && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    fail 'the temporary server did not start'
}

# The accounts and the database that the variables ask for.
set_up() {
    local host=${MYSQL_ROOT_HOST:-%} password
    password=$(quoted "${MYSQL_ROOT_PASSWORD:-}")
    client <<SQL
ALTER USER 'root'@'localhost' IDENTIFIED BY $password;
SQL
    root_password=${MYSQL_ROOT_PASSWORD:-}
    [[ $host == localhost ]] || client <<SQL
CREATE USER 'root'@$(quoted "$host") IDENTIFIED BY $password;
GRANT ALL ON *.* TO 'root'@$(quoted "$host") WITH GRANT OPTION;
SQL
    if [[ -n ${MYSQL_DATABASE:-} ]]; then
        say "Creating database $MYSQL_DATABASE"
        client <<<"CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;"
    fi
    if [[ -n ${MYSQL_USER:-} && -n ${MYSQL_PASSWORD:-} ]]; then
        say "Creating user $MYSQL_USER"
        client <<<"CREATE USER $(quoted "$MYSQL_USER")@'%' IDENTIFIED BY $(quoted "$MYSQL_PASSWORD");"
        [[ -z ${MYSQL_DATABASE:-} ]] ||
            client <<<"GRANT ALL ON \`${MYSQL_DATABASE//_/\\_}\`.* TO $(quoted "$MYSQL_USER")@'%';"
    fi
}

run_scripts() {
    local file
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
        *.sh)
            say "running $file"
            # shellcheck source=/dev/null
            if [[ -x $file ]]; then "$file"; else . "$file"; fi
            ;;
        *.sql) say "running $file" && client ${MYSQL_DATABASE:+"$MYSQL_DATABASE"} <"$file" ;;
        *.sql.gz) say "running $file" && gunzip -c "$file" | client ${MYSQL_DATABASE:+"$MYSQL_DATABASE"} ;;
        *) say "ignoring $file" ;;
        esac
    done
}

# initialise COMMAND…: makes the database for the server that COMMAND starts.
initialise() {
    say 'Initializing database files'
    "$@" --initialize-insecure
    say 'Database files initialized'
    say 'Starting temporary server'
    start_without_network "$@"
    say 'Temporary server started.'
    set_up
    run_scripts
    say 'Stopping temporary server'
    kill "$server"
    wait "$server" || fail 'the temporary server did not stop properly'
    say 'Temporary server stopped'
    say 'MySQL init process done. Ready for start up.'
}

[[ ${1:-} != -* ]] || set -- mysqld "$@"
if [[ ${1:-} == mysqld ]]; then
    say "Entrypoint script for $(mysqld --version | sed 's/.* Ver/MySQL Server/') started."
    mkdir -p "$DATA"
    chown mysql:mysql "$DATA" /var/run/mysqld /var/lib/mysql-files
    if [[ ! -d $DATA/mysql ]]; then
        for name in MYSQL_ROOT_PASSWORD MYSQL_ROOT_HOST MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD; do
            read_file_variable "$name"
        done
        if [[ -n ${MYSQL_RANDOM_ROOT_PASSWORD:-} ]]; then
            MYSQL_ROOT_PASSWORD=$(head -c 18 /dev/urandom | base64)
            say "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
        elif [[ -z ${MYSQL_ROOT_PASSWORD:-}${MYSQL_ALLOW_EMPTY_PASSWORD:-} ]]; then
            fail 'Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD'
        fi
        initialise "$@"
    fi
fi
exec "$@"
