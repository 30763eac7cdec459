# Runs first in a machine, as PID 1, on cgroup v1: steps down into a group of its own below the one that the outer
# engine has made and limited, and makes it the root of what is seen from then on. Groups inherit limits (memory,
# processes, devices), and who doesn't see a group can't write to its files, so that root in the machine can't lift them.
#
# The arguments: a script for /bin/sh, and its arguments.
fail() {
    echo "seaworthy: this machine's limits can't be kept from it: $1" >&2
    exit 125
}

descend() {
    # The names of each hierarchy; that of v2 has none.
    hierarchies=$(while IFS=: read -r _ names _; do echo "$names"; done </proc/self/cgroup)
    # Below the folder that confine.sh covers; what is mounted here goes with the old root.
    # shellcheck disable=SC2086 # a word for each
    mkdir -p /run/seaworthy && cd /run/seaworthy && mkdir $hierarchies || return
    for names in $hierarchies; do
        mount -t cgroup -o "$names" cgroup "$names" || return
    done
    # shellcheck disable=SC2046,SC2086 # the same
    mkdir $(printf '%s/machine ' $hierarchies) || return
    # A new group begins without these, and then takes no process.
    for file in ./*/cpuset.cpus ./*/cpuset.mems; do
        [ ! -e "$file" ] || { read -r all <"$file" && echo "$all" >"${file%/*}/machine/${file##*/}"; } || return
    done
    for group in ./*/machine; do
        echo $$ >"$group/cgroup.procs" || return
    done
    cd /
}

[ -f /sys/fs/cgroup/cgroup.controllers ] || descend || fail 'its group has none below it'
exec unshare --cgroup /bin/sh -c "$@"
