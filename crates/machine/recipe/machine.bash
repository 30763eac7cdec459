# The file system of a machine image: a Debian userland with the usual tools, an init, and a Docker Engine. Read by
# lib/rootfs, in a container of a build: build.rs writes its Dockerfile and sets
#
#   ENGINE_SOURCE    where the engine comes from: debian, packages (Docker's own) or image (docker:VERSION-dind)
#   ENGINE_VERSION   its version, as far as it is fixed: 28, 20.10, 29.1.3
#   ENGINE_SUITE     the suite of Debian that has it, for the source debian

root() {
    packages trixie libc6 libc-bin bash dash coreutils grep sed mawk findutils diffutils tar gzip xz-utils util-linux mount \
        hostname procps iproute2 iputils-ping curl jq busybox sudo iptables tini netbase libsystemd0 libseccomp2 libdevmapper1.02.1
    "engine_of_$ENGINE_SOURCE"
    find_loader
    certificates
    settings
    busybox_links
}

# The engine, its CLI, and what `docker build` and `docker compose` need.
engine_of_debian() {
    local version name compose=$ENGINE_SUITE
    local -a names=(docker.io containerd runc)
    version=$(apt_version "$ENGINE_SUITE" docker.io)
    [[ $version == "$ENGINE_VERSION".* ]] ||
        fail 1 "Debian $ENGINE_SUITE has Docker Engine ${version:-no} now, not $ENGINE_VERSION" \
            "a newer release of Seaworthy may know where it is; \`seaworthy machine list\` shows other recipes"
    # Debian 12 has the CLI in docker.io, and no buildx.
    for name in docker-cli docker-buildx; do
        [[ -z $(apt_version "$ENGINE_SUITE" "$name") ]] || names+=("$name")
    done
    # Its Compose is the first one, which was a program in Python of its own.
    [[ $(apt_version "$ENGINE_SUITE" docker-compose) != 1.* ]] || compose=trixie
    alone "$ENGINE_SUITE" "${names[@]}"
    alone "$compose" docker-compose
    # What only other users of containerd and runc need.
    rm -rf "$ROOT"/usr/bin/{ctr,containerd-stress} "$ROOT"/usr/lib/{cni,containerd} \
        "$ROOT"/usr/sbin/{fs-idmap,pidfd-kill,recvtty,remap-rootfs,sd-helper,seccompagent}
}

# Docker's own packages. Not tried where Seaworthy is made: no network leads to them from there.
engine_of_packages() {
    local version
    docker_key
    version=$(newest_version docker docker-ce "$ENGINE_VERSION")
    [[ -n $version ]] || fail 1 "Docker's packages for Debian have no Docker Engine $ENGINE_VERSION"
    alone docker "docker-ce=$version" "docker-ce-cli=$version" containerd.io docker-buildx-plugin docker-compose-plugin
    rm -rf "$ROOT"/usr/bin/ctr
}

# The programs of docker:VERSION-dind, which need no library; the Dockerfile has put its /usr/local here. Not tried where
# Seaworthy is made, for the same reason.
engine_of_image() {
    local name
    for name in docker dockerd docker-proxy docker-init containerd containerd-shim-runc-v2 runc; do
        [[ -e $ENGINE_FILES/bin/$name ]] || fail 1 "docker:$ENGINE_VERSION-dind has no $name where it should be"
        install -D -m 755 "$ENGINE_FILES/bin/$name" "$ROOT/usr/local/bin/$name"
    done
    mkdir -p "$ROOT/usr/local/libexec/docker"
    cp -r "$ENGINE_FILES/libexec/docker/cli-plugins" "$ROOT/usr/local/libexec/docker/"
}

settings() {
    local command
    install_file 755 seaworthy-machine usr/local/sbin/seaworthy-machine
    install_file 755 seaworthy-mirror usr/local/sbin/seaworthy-mirror
    install_file 644 containerd.toml etc/containerd/config.toml
    mkdir -p "$ROOT/home/learner" "$ROOT/var/lib/docker"
    # Prepared images are layers of a storage driver. Engines from 29 on would begin with containerd's image store.
    install_file 644 daemon.json etc/docker/daemon.json
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
