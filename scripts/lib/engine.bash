# What scripts/images asks of the Docker Engine that the CLI reaches (DOCKER_HOST and contexts included).
# Sourced, not run. The variables of a recipe (scripts/images reads it) say how an image is to be run.
# shellcheck disable=SC2154

# Seconds in which a registry must say that it has an image before we go on without it.
readonly REGISTRY_LIMIT=${SEAWORTHY_REGISTRY_LIMIT:-5}
registry_down=0

# require_engine: ends the script where no engine answers or it has another architecture than this computer.
require_engine() {
    local architecture
    command -v docker >/dev/null || fail 3 'the docker CLI is missing' 'run scripts/setup'
    architecture=$(timeout 15 docker version --format '{{.Server.Arch}}' 2>/dev/null) ||
        fail 3 'no Docker Engine answers' 'run scripts/setup, or set DOCKER_HOST to an engine that runs'
    [[ $architecture == "$(docker_architecture)" ]] ||
        fail 3 "the engine is $architecture, this computer $(docker_architecture): the images would not run there" \
            'run scripts/images on a computer of its kind'
}

# Debian's name of this computer's architecture, in Docker's words.
docker_architecture() {
    case $(dpkg --print-architecture) in
    armhf) echo arm ;;
    i386) echo 386 ;;
    ppc64el) echo ppc64le ;;
    *) dpkg --print-architecture ;;
    esac
}

# label REFERENCE LABEL: its value, nothing if the image lacks it; fails if there is no such image.
label() { docker image inspect --format "{{with .Config.Labels}}{{index . \"$2\"}}{{end}}" "$1" 2>/dev/null; }

# image_id REFERENCE: its id, nothing if there is no such image.
image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null || true; }

# pull REFERENCE: true if the engine got the real image from a registry. A registry that does not answer is asked
# once; that it answers shows in the first line that docker prints.
pull() {
    ((registry_down == 0)) || return 1
    local log=$WORK/pull.log pid end
    : >"$log"
    docker pull "$1" >"$log" 2>&1 </dev/null &
    pid=$!
    end=$((SECONDS + REGISTRY_LIMIT))
    while kill -0 "$pid" 2>/dev/null; do
        if grep -q 'Pulling from' "$log"; then break; fi
        if ((SECONDS >= end)); then
            kill "$pid"
            echo "no answer in $REGISTRY_LIMIT s" >>"$log"
            break
        fi
        sleep 0.05
    done
    if wait "$pid"; then
        say "pulled $1"
        return 0
    fi
    if grep -qE 'manifest unknown|manifest for .* not found|repository does not exist|not found: manifest' "$log"; then
        say "the registry has no $1"
    elif grep -q 'Pulling from' "$log"; then
        say "the pull of $1 broke off: $(tail -n 1 "$log")"
    else
        registry_down=1
        say "no registry can be reached ($(tail -n 1 "$log" | grep -oE '[^:]+$' | sed 's/^ //'))"
    fi
    return 1
}

# load_image FOLDER: packs FOLDER/root and the recipe's variables into an image without a name and prints its id.
# The same files and settings always give the same id: dates come from the packages, not from the clock.
load_image() {
    local folder=$1 archive=$1/archive created layer config
    rm -rf "$archive"
    mkdir -p "$archive"
    tar -c -C "$folder/root" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu \
        --clamp-mtime --mtime="@$(cat "$folder/built-at")" . >"$archive/layer.tar"
    layer=$(sha256sum "$archive/layer.tar" | cut -d' ' -f1)
    created=$(date -u -d "@$(cat "$folder/built-at")" +%FT%TZ)
    jq -n --arg created "$created" --arg layer "sha256:$layer" --arg architecture "$(docker_architecture)" \
        --arg folder "$working_folder" --arg signal "$stop_signal" --arg recipe "scripts/images.d/$name.image" \
        --argjson labels "$(labels "$folder")" --argjson environment "$(json_list "${environment[@]}")" \
        --argjson entrypoint "$(json_list "${entrypoint[@]}")" --argjson command "$(json_list "${command[@]}")" \
        --argjson ports "$(json_list "${ports[@]}")" '{
            created: $created, architecture: $architecture, os: "linux",
            config: ({Env: $environment, Cmd: $command, Labels: $labels, WorkingDir: $folder}
                + if $entrypoint == [] then {} else {Entrypoint: $entrypoint} end
                + if $ports == [] then {} else {ExposedPorts: ($ports | map({(.): {}}) | add)} end
                + if $signal == "" then {} else {StopSignal: $signal} end),
            rootfs: {type: "layers", diff_ids: [$layer]},
            history: [{created: $created, created_by: $recipe}]
        }' >"$archive/config.json"
    config=$(sha256sum "$archive/config.json" | cut -d' ' -f1)
    mv "$archive/config.json" "$archive/$config.json"
    printf '[{"Config":"%s.json","RepoTags":null,"Layers":["layer.tar"]}]' "$config" >"$archive/manifest.json"
    tar -c -C "$archive" . | docker load | sed -n 's/^Loaded image ID: //p'
}

# json_list WORD…: a JSON array of strings.
json_list() { jq -cn '$ARGS.positional' --args -- "$@"; }

# remove_image ID: unless something uses it or it still has a name.
remove_image() {
    [[ -z $(docker image inspect --format '{{join .RepoTags " "}}' "$1" 2>/dev/null) ]] || return 0
    docker image rm "$1" >/dev/null 2>&1 || say "the former image ${1:7:12} is still in use; it stays"
}
