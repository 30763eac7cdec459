# Thaws all that is frozen in the machine $1, from outside of it: its own group and those of its containers, by `docker
# pause` or by hand. A process that is frozen doesn't die when it is killed, with the older kind of control groups.
groups=/run/groups
mkdir -p $groups
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 none $groups
else
    mount -t cgroup -o freezer none $groups
fi || exit
# A group's own name bears the machine's id, whichever driver made it; outer groups come first.
find $groups -path "*$1*" '(' -name freezer.state -o -name cgroup.freeze ')' | while read -r state; do
    case $state in
    */freezer.state) echo THAWED ;;
    *) echo 0 ;;
    esac >"$state"
done
