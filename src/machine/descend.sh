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
    at=/run/seaworthy
    mkdir -p $at || return
    # The names of each hierarchy; that of v2 has none.
    while IFS=: read -r _ names _; do
        [ -n "$names" ] || continue
        mount -t cgroup -o "$names" cgroup $at && mkdir -p $at/machine || return
        # A new group begins without these, and then takes no process.
        for file in cpuset.cpus cpuset.mems; do
            [ ! -e $at/$file ] || cat $at/$file >$at/machine/$file || return
        done
        echo $$ >$at/machine/cgroup.procs && umount $at || return
    done </proc/self/cgroup
}

[ -f /sys/fs/cgroup/cgroup.controllers ] || descend || fail 'its group has none below it'
exec unshare --cgroup /bin/sh -c "$@"
