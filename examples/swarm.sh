#!/usr/bin/env bash
# Checks a book on all nodes of a Docker Swarm: each task of a job checks its part of the pages on the engine of its node.
# Run it on a manager.
#
#   examples/swarm.sh IMAGE JOBS FOLDER
#
# IMAGE is Seaworthy's image with the book in it (`FROM seaworthy`, `COPY . /book`), which the nodes hold already or can
# pull; so it is with the machine image. The reports come by the tasks' logs into FOLDER, and are merged into
# FOLDER/report.json, unless one is missing. Ends with 0 if all pages hold, else with 1.
set -euo pipefail
[[ $# == 3 ]] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2 && exit 2; }
image=$1 jobs=$2 folder=$3

# The tasks of a job are numbered from 0, and the template shows the name of the node in place of 0.
slot='{{if eq .Task.Slot .Node.ID}}0{{else}}{{.Task.Slot}}{{end}}'
# A task that fails is begun anew, which helps where an engine was lost (5). The rest is for the report to say.
check='docker-entrypoint.sh check --format json --allow-nothing-run || [ $? -lt 5 ]'
service=$(docker service create --detach --quiet --no-resolve-image --mode replicated-job --replicas "$jobs" \
    --restart-delay 1s --restart-max-attempts 2 --env "SEAWORTHY_SHARD=$slot+1/$jobs" \
    --mount type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock --entrypoint sh "$image" -c "$check")
trap 'docker service rm "$service" >/dev/null' EXIT

# tasks PATTERN: the ids of those whose state begins like that.
tasks() {
    docker service ps --no-trunc --format '{{.CurrentState}} {{.ID}}' "$service" | { grep -E "^($1)" || :; } | awk '{ print $NF }'
}

# Until all have ended, or none has been at work for ten seconds.
idle=0
until (($(tasks Complete | wc -l) == jobs || idle == 10)); do
    sleep 1
    [[ -z $(tasks 'New|Pending|Assigned|Accepted|Preparing|Ready|Starting|Running') ]] || idle=-1
    idle=$((idle + 1))
done
docker service ps --no-trunc "$service"

mkdir -p "$folder/jobs"
for task in $(tasks Complete); do
    docker service logs --raw "$task" >"$folder/jobs/$task.json" 2>"$folder/jobs/$task.log"
done
docker run --rm --volume "$(realpath "$folder"):/book" "$image" report merge jobs --output report.json
grep -q '"failures": 0,' "$folder/report.json"
