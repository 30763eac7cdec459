# Prints which limits of the machine were hit, a line each, for the reader in exhausted.rs. Reads only counters of the
# kernel: a machine that has run out of something can do little else.
groups=/sys/fs/cgroup

# Of the machine's own group: how often its memory did not suffice, and how often a process could not be made.
if [ -f $groups/cgroup.controllers ]; then
    awk '$1 == "oom" && $2 > 0 { print "memory" }' $groups/memory.events.local
    awk '$1 == "max" && $2 > 0 { print "processes" }' $groups/pids.events
    events=memory.events.local
else
    groups=/var/lib/seaworthy/limits # where confine.sh left them
    # The older kind doesn't count failures on all kernels; but it keeps the most that was ever in use.
    cat $groups/memory/memory.max_usage_in_bytes $groups/memory/memory.limit_in_bytes |
        awk 'NR == 1 { most = $1 } NR == 2 && most >= $1 * 0.99 { print "memory" }'
    # Counted where the process is that could make no other.
    awk '$1 == "max" && $2 > 0 { print "processes" }' $groups/pids/pids.events $groups/pids/machine/pids.events
    events=memory.oom_control groups=$groups/memory
fi 2>/dev/null

# In which groups processes were killed for want of memory: the containers' have their ids as names.
find $groups -name $events 2>/dev/null | while read -r file; do
    awk -v group="${file%/*}" '$1 == "oom_kill" && $2 > 0 { print "killed", $2, group }' "$file"
done

df -B1 --output=size,avail,target /var/lib/docker / 2>/dev/null |
    awk 'NR > 1 && $2 * 100 < $1 { print ($3 == "/" ? "files" : "data-root") }'
