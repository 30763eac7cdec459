# Says by its exit code whether the filter of system calls is in force: 0 if a read-only mount stays read-only.
at=/run/seaworthy-trial
mkdir -p $at && mount -t tmpfs -o ro trial $at || exit 2
! mount -o remount,bind,rw $at 2>/dev/null
