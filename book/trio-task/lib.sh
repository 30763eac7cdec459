# What check.sh and hint.sh ask Docker about the containers of the Trio Task.

# The images carry the label `trio-task` with the name of their folder, and containers take it over: so the parts are found
# whatever they are called.

# All containers of a part, stopped ones included.
containers() { docker ps -aq --filter "label=trio-task=$1"; }

# The running containers of a part.
running() { docker ps -q --filter "label=trio-task=$1"; }

# There is exactly one word.
one() { [ $# -eq 1 ]; }

# Each is the name or the id of one running container.
all_run() {
    for container; do
        [ "$(docker container inspect --format '{{.State.Running}}' "$container" 2> /dev/null)" = true ] || return 1
    done
}

# The names of the networks that a container is on, a line each.
networks() {
    docker container inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}' "$1" 2> /dev/null |
        grep .
}

# The container is on this network.
is_on() { networks "$1" | grep -qxF "$2"; }

# The containers share a network that somebody created: on the default bridge they have no names.
share_a_network() {
    for network in $(networks "$1"); do
        [ "$network" != bridge ] && is_on "$2" "$network" && return 0
    done
    return 1
}

# The ports of the computer that lead to a running container, each once.
published() {
    docker container inspect --format '{{range .NetworkSettings.Ports}}{{range .}}{{println .HostPort}}{{end}}{{end}}' "$1" 2> /dev/null |
        grep . | sort -u
}

# Only the first container publishes a port, and that port is 8080. 2 if one of them doesn't run.
only_8080() {
    all_run "$@" || return 2
    [ "$(published "$1")" = 8080 ] || return 1
    shift
    for container; do
        [ -z "$(published "$container")" ] || return 1
    done
}

# What a visitor gets.
page() { curl -s -f -m 5 --noproxy '*' "http://localhost:8080/$1"; }

# Visitors see a list of users.
users_are_shown() { page | grep -q '<li>'; }

# No network of the container leads out of the computer. 2 if it doesn't run.
has_no_way_out() {
    all_run "$1" || return 2
    for network in $(networks "$1"); do
        [ "$(docker network inspect --format '{{.Internal}}' "$network")" = true ] || return 1
    done
}

# None of the containers is on the default bridge. 2 if one of them doesn't run.
avoid_the_default_bridge() {
    all_run "$@" || return 2
    for container; do
        ! is_on "$container" bridge || return 1
    done
}
