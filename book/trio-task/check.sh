#!/bin/sh
# Says which conditions of an exercise hold: `sh check.sh 1`, `1-stretch`, `2` or `3`.
#
# It changes nothing, except that it adds one user to the database for a moment, to see whether the users on the page
# come from there.

. "$(dirname "$0")/lib.sh"

failed=0

# Prints a condition, and whether the command that follows it holds. Its status 2 says that there is nothing to judge by.
condition() {
    text=$1
    shift
    "$@"
    case $? in
    0) echo "ok: $text" ;;
    2) echo "unclear: $text" && failed=1 ;;
    *) echo "not yet: $text" && failed=1 ;;
    esac
}

# Exercise 1: the containers have the names that the task gives them.

names_are_running() { all_run nginx static-app; }

static_app_is_built() { [ "$(docker container inspect --format '{{index .Config.Labels "trio-task"}}' static-app 2> /dev/null)" = static-app ]; }

names_are_on_the_network() {
    names_are_running || return 2
    is_on nginx trio-network && is_on static-app trio-network
}

nginx_is_as_it_comes() { [ "$(docker container inspect --format '{{.Config.Image}} {{len .Mounts}}' nginx 2> /dev/null)" = 'nginx:1.30-alpine 0' ]; }

static_page_is_shown() { page | grep -q '<h1>Hello from the static app</h1>'; }

# The application's log shows a request that nobody else makes. What it writes may take a moment to arrive there.
application_is_asked() {
    request="?check-$$"
    page "$request" > /dev/null
    for _ in 1 2 3; do
        docker logs static-app 2>&1 | grep -qF "GET /$request " && return 0
        sleep 0.3
    done
    return 1
}

# Its configuration has the name, outside comments, and not the address.
name_is_configured() {
    names_are_running || return 2
    configuration=$(docker exec nginx nginx -T 2> /dev/null | sed 's/#.*//')
    echo "$configuration" | grep -q 'static-app:5000' || return 1
    for address in $(docker container inspect --format '{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}' static-app); do
        ! echo "$configuration" | grep -qF "$address:" || return 1
    done
}

exercise_1() {
    condition 'nginx and static-app are running' names_are_running
    condition 'static-app is the application from the folder static-app' static_app_is_built
    condition 'both are on trio-network' names_are_on_the_network
    condition 'only nginx publishes a port, and that is 8080' only_8080 nginx static-app
    condition 'nginx runs nginx:1.30-alpine, and nothing is mounted' nginx_is_as_it_comes
    condition 'visitors see the page' static_page_is_shown
    condition 'the page comes from the application' application_is_asked
    condition 'NGINX finds the application by name' name_is_configured
}

# The stretch goal of exercise 1.

nginx_runs_the_image() {
    image=$(docker image inspect --format '{{.Id}}' trio-proxy 2> /dev/null) &&
        [ "$(docker container inspect --format '{{.State.Running}} {{.Image}}' nginx 2> /dev/null)" = "true $image" ]
}

configuration_is_built_in() {
    docker run --rm --network none --entrypoint cat trio-proxy /etc/nginx/conf.d/default.conf 2> /dev/null |
        sed 's/#.*//' | grep -q 'static-app:5000'
}

nothing_is_mounted() { [ "$(docker container inspect --format '{{len .Mounts}}' nginx 2> /dev/null)" = 0 ]; }

exercise_1_stretch() {
    condition 'nginx runs the image trio-proxy' nginx_runs_the_image
    condition 'the configuration is in the image' configuration_is_built_in
    condition 'nothing is mounted' nothing_is_mounted
    condition 'visitors see the page' static_page_is_shown
    condition 'the page comes from the application' application_is_asked
}

# Exercises 2 and 3: the parts are found by their labels, whatever they are called.

find_parts() {
    web=$(running nginx)
    application=$(running flask-app)
    database=$(running db)
}

parts_are_running() { one $web && one $application && one $database; }

parts_are_on_the_network() {
    parts_are_running || return 2
    is_on "$web" trio-network && is_on "$application" trio-network && is_on "$database" trio-network
}

sql() { docker exec "$database" sh -c 'exec mysql -uroot -p"$MYSQL_ROOT_PASSWORD" flask-db -e "$0"' "$1" > /dev/null 2>&1; }

users_come_from_the_database() {
    user="check-$$"
    sql "INSERT INTO users (first_name, last_name, email) VALUES ('Check', '$user', '$user@example.com')" || return 1
    page | grep -q "$user"
    seen=$?
    sql "DELETE FROM users WHERE last_name = '$user'"
    return $seen
}

web_and_database_are_apart() {
    one $web && one $database || return 2
    for network in $(networks "$web"); do
        ! is_on "$database" "$network" || return 1
    done
}

exercise_2() {
    find_parts
    condition 'NGINX, application and database run, one container each' parts_are_running
    condition 'all three are on trio-network' parts_are_on_the_network
    condition 'only NGINX publishes a port, and that is 8080' only_8080 "$web" "$application" "$database"
    condition 'visitors see users' users_are_shown
    condition 'the users come from the database' users_come_from_the_database
}

exercise_3() {
    find_parts
    condition 'NGINX, application and database run, one container each' parts_are_running
    condition 'visitors see users' users_are_shown
    condition 'the users come from the database' users_come_from_the_database
    condition 'only NGINX publishes a port, and that is 8080' only_8080 "$web" "$application" "$database"
    condition 'NGINX and the database share no network' web_and_database_are_apart
    condition 'the database has no way out to the internet' has_no_way_out "$database"
    condition 'nobody is on the default bridge' avoid_the_default_bridge "$web" "$application" "$database"
}

case $1 in
1) exercise_1 ;;
1-stretch) exercise_1_stretch ;;
2) exercise_2 ;;
3) exercise_3 ;;
*)
    echo 'which exercise? sh check.sh 1, 1-stretch, 2 or 3' >&2
    exit 2
    ;;
esac
exit $failed
