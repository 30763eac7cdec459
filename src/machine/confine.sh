# Runs first in a machine, as PID 1: replaces its root by one of a limited size in memory, so that a page that writes
# without end fills that and not the disk of the outer engine's computer, and then becomes the machine's init.
#
# $1: the size of what may be written, in bytes, outside of the inner engine's data-root. The rest: the init to become.
size=$1
shift

# The new root lies over the old one; what is mounted below the old one is mounted below it too.
confine() {
    new=/run/seaworthy
    mkdir -p $new && mount -t tmpfs -o size="$size" seaworthy $new && mkdir $new/upper $new/work $new/root || return
    mount -t overlay -o lowerdir=/,upperdir=$new/upper,workdir=$new/work seaworthy $new/root || return
    last=//
    while read -r _ _ _ _ at _; do echo "$at"; done </proc/self/mountinfo | sort -u >$new/mounts
    while read -r at; do
        case $at in
        / | $new | $new/* | "$last"/*) continue ;;
        esac
        if [ -d "$at" ]; then
            mkdir -p "$new/root$at" && mount --rbind "$at" "$new/root$at" || return
            last=$at
        else
            # Names and name servers: files on the disk of the outer engine's computer.
            cat "$at" >"$new/root$at" || return
        fi
    done <$new/mounts
    cd $new/root && mkdir -p run/old && pivot_root . run/old && cd / && umount -l run/old && rmdir run/old
}

confine || echo 'seaworthy: the size of what a page writes is not limited here' >&2
exec "$@"
