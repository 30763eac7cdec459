#!/bin/sh
# The entry point of Seaworthy's image: runs the program as the owner of the book, so that the report and the site are
# theirs, as if they had run it, and git takes the book for their own. Whoever says `docker run --user` is obeyed.
#
# It stays root where the owner is root, as Docker Desktop has it, and where the owner could not use the engine's socket.
set -eu

socket=/var/run/docker.sock
user=$(stat -c %u .)
group=$(stat -c %g .)
if [ "$(id -u)" != 0 ] || [ "$user" = 0 ]; then
    exec seaworthy "$@"
fi
groups=$group
if [ -S "$socket" ]; then
    groups=$group,$(stat -c %g "$socket")
fi
as_owner() { setpriv --reuid "$user" --regid "$group" --groups "$groups" "$@"; }
if [ -S "$socket" ] && ! as_owner test -w "$socket"; then
    exec seaworthy "$@"
fi
# ssh and others ask for the user's name and home.
if ! getent passwd "$user" >/dev/null; then
    echo "owner:x:$user:$group::/home/owner:/bin/sh" >>/etc/passwd
    mkdir -p /home/owner
    chown "$user:$group" /home/owner
fi
HOME=$(getent passwd "$user" | cut -d: -f6)
export HOME
exec setpriv --reuid "$user" --regid "$group" --groups "$groups" seaworthy "$@"
