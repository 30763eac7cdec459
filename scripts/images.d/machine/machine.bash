# What the machine images have in common: a Debian userland with the usual tools, an init, and a Docker Engine of a
# given version. Sourced by machine-*.image, which sets `engine_suite` and `major`.
reference=seaworthy/machine:$major
kind=machine
main_package='docker.io|containerd|runc|iptables'
inputs=("$FILES/machine"/* "$CERTIFICATES")
working_folder=/home/learner
entrypoint=(/usr/bin/tini -- /usr/local/sbin/seaworthy-machine)
environment+=(HOME=/home/learner LANG=C.UTF-8)

root() {
    packages trixie libc6 libc-bin bash dash coreutils grep sed mawk findutils diffutils tar gzip xz-utils util-linux mount \
        hostname procps iproute2 iputils-ping curl jq busybox sudo iptables tini netbase libsystemd0 libseccomp2 libdevmapper1.02.1
    engine
    find_loader
    certificates
    settings
    busybox_links
}

# The engine, its CLI and the plugin without which `docker build` warns.
engine() {
    local version
    local -a names=(docker.io containerd runc)
    version=$(apt_version "$engine_suite" docker.io)
    [[ $version == "$major".* ]] ||
        fail "$UNFIT" "Debian $engine_suite has Docker Engine ${version:-no} now, not $major" "add a recipe for it in scripts/images.d"
    # Debian 12 has the CLI in docker.io, and no buildx.
    [[ -z $(apt_version "$engine_suite" docker-cli) ]] || names+=(docker-cli)
    [[ -z $(apt_version "$engine_suite" docker-buildx) ]] || names+=(docker-buildx)
    alone "$engine_suite" "${names[@]}"
    # What only other users of containerd and runc need.
    rm -rf "$ROOT"/usr/bin/{ctr,containerd-stress} "$ROOT"/usr/lib/{cni,containerd} \
        "$ROOT"/usr/sbin/{fs-idmap,pidfd-kill,recvtty,remap-rootfs,sd-helper,seccompagent}
    jq -n --arg version "${version%-*}" '{"seaworthy.engine": $version}' >"$FOLDER/labels"
}

settings() {
    local command
    install_file 755 machine/seaworthy-machine usr/local/sbin/seaworthy-machine
    install_file 755 machine/seaworthy-mirror usr/local/sbin/seaworthy-mirror
    install_file 644 machine/containerd.toml etc/containerd/config.toml
    mkdir -p "$ROOT/home/learner" "$ROOT/var/lib/docker"
    # Debian links these when it configures the packages.
    ln -sf dash "$ROOT/usr/bin/sh"
    ln -sf mawk "$ROOT/usr/bin/awk"
    for command in ip{,6}tables{,-save,-restore}; do
        ln -sf "${command/tables/tables-legacy}" "$ROOT/usr/sbin/$command" # seaworthy-machine tells why
    done
    # Pages run as root, in a folder that is root's home for every program.
    sed -i 's,^root:.*,root:x:0:0:root:/home/learner:/bin/bash,' "$ROOT/etc/passwd"
    echo 'docker:x:999:' >>"$ROOT/etc/group"
    # A shell without a prompt, messages or a history of Debian's.
    rm -rf "$ROOT"/etc/{skel,profile,profile.d,motd,issue*} "$ROOT"/root/.[!.]*
    echo 'unset HISTFILE' >"$ROOT/etc/bash.bashrc"
    # sudo asks PAM even when root calls it.
    printf 'auth sufficient pam_permit.so\naccount sufficient pam_permit.so\nsession sufficient pam_permit.so\n' |
        tee "$ROOT"/etc/pam.d/{other,sudo,sudo-i} >/dev/null
}

# As the runner starts it; --privileged, which includes all of this, is not allowed everywhere.
run_options=(--cap-add ALL --cap-drop SYS_RESOURCE --security-opt seccomp=unconfined --security-opt apparmor=unconfined
    --security-opt systempaths=unconfined --device-cgroup-rule 'a *:* rwm' --tmpfs /var/lib/docker:exec,size=256m)

version() { run dockerd --version | sed -nE 's/^Docker version ([0-9.]+).*/\1/p'; }

check() {
    serve
    docker exec -i "$container" sh -s "$(label "$id" seaworthy.engine)" <"$FILES/machine/trial.sh" || {
        docker logs "$container" 2>&1 | grep -E 'level=(warn|error|fatal)|^failed|seaworthy-machine' | tail -n 10
        return 1
    }
}
