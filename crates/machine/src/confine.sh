# Runs in a machine before anything of it, as PID 1: replaces its root by one of a limited size in memory, so that a page
# that writes without end fills that and not the disk of the outer engine's computer; makes anew, writable, what an engine
# must write to and the outer engine mounted read-only; and then becomes the machine's init.
#
# $1: the size of what may be written, in bytes, outside of the inner engine's data-root. The rest: the init to become.
size=$1
shift
new=/run/seaworthy
# Where the groups with the machine's limits are left, read-only, for exhausted.sh.
limits=/var/lib/seaworthy/limits

# The new root lies over the old one; what is mounted below the old one is mounted below it too.
confine() {
    mkdir -p $new && mount -t tmpfs -o size="$size" seaworthy $new && mkdir $new/upper $new/work $new/root || return
    mount -t overlay -o lowerdir=/,upperdir=$new/upper,workdir=$new/work seaworthy $new/root || return
    last=//
    while read -r _ _ _ _ at _; do echo "$at"; done </proc/self/mountinfo | sort -u >$new/mounts
    while read -r at; do
        case $at in
        / | "$new" | "$new"/* | "$last"/* | /sys/fs/cgroup | /sys/fs/cgroup/*) continue ;;
        /sys) mount --bind /sys $new/root/sys || return ;; # its groups are made anew
        *) keep "$at" || return ;;
        esac
    done <$new/mounts
    groups || return
    cd $new/root && mkdir -p run/old && pivot_root . run/old && cd / && umount -l run/old && rmdir run/old
}

# keep PATH: has what is mounted there in the new root too.
keep() {
    if [ -f "$1" ]; then
        # Names and name servers: files on the disk of the outer engine's computer.
        cat "$1" >"$new/root$1"
    elif [ -d "$1" ]; then
        last=$1
        mkdir -p "$new/root$1" && mount --rbind "$1" "$new/root$1"
    else
        # What hides a file.
        mount --bind "$1" "$new/root$1"
    fi
}

# The inner engine makes groups for its containers.
groups() {
    folder=$new/root/sys/fs/cgroup
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
        mount -t cgroup2 cgroup $folder
        return
    fi
    mount -t tmpfs -o mode=755,nosuid,nodev,noexec cgroup $folder || return
    hierarchies=$(while IFS=: read -r _ names _; do echo "${names#name=}"; done </proc/self/cgroup)
    # shellcheck disable=SC2086 # a word for each
    (cd $folder && mkdir $hierarchies) || return
    while IFS=: read -r _ names _; do
        [ -n "$names" ] || continue
        mount -t cgroup -o "$names" cgroup "$folder/${names#name=}" || return
        case $names in
        # Found by either name.
        *,*) for one in $(echo "$names" | tr , ' '); do ln -s "$names" "$folder/$one" || return; done ;;
        esac
    done </proc/self/cgroup
    mkdir -p $new/root$limits/memory $new/root$limits/pids || return
    for name in memory pids; do
        mount --bind /sys/fs/cgroup/$name $new/root$limits/$name || return
    done
}

confine || {
    echo "seaworthy: this machine's root can't be replaced by one of a limited size" >&2
    exit 125
}
exec "$@"
