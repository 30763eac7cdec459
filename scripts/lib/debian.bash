# Debian packages, unpacked into a folder; nothing is installed on this computer and its apt settings stay as they are.
# Sourced by lib/rootfs. Enter at `packages` and `alone`.
#
# Wants: $CACHE (downloads that are kept between builds), $CERTIFICATES (authorities for https), $ROOT (the folder to
# fill), $MANIFEST (a file that gets "PACKAGE VERSION SUITE" for each package unpacked), $BUILT_AT (a file that keeps the
# date of the newest one, in seconds).
# SEAWORTHY_DEBIAN_MIRROR: another mirror than deb.debian.org.

readonly MIRROR=${SEAWORTHY_DEBIAN_MIRROR:-http://deb.debian.org/debian}
readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
# Docker's own packages for Debian are a suite of their own here, called `docker`, and their key is known by its hash.
readonly DOCKER=https://download.docker.com/linux/debian DOCKER_KEYRING=$CACHE/docker.asc
readonly DOCKER_KEY_HASH=1500c1f56fa9e26b9b8f42452a553675796ade0807cdce11975eb98170b3a570

# What an image never needs, though packages depend on it: they are told that it is installed.
readonly ASSUMED=(adduser debconf dpkg init-system-helpers install-info perl perl-base python3 sensible-utils
    systemd systemd-standalone-sysusers sysvinit-utils tzdata ucf)

# Never unpacked: documentation, translations, character sets, what systemd and other absent programs would read.
readonly LEFT_OUT=(usr/share/{doc,man,info,locale,lintian,bug,bash-completion,fish,zsh,doc-base,gcc,gdb,menu,initramfs-tools,polkit-1}
    usr/lib/{systemd,sysusers.d,tmpfiles.d,udev,modules-load.d} lib/{systemd,udev} etc/{init.d,cron.d,cron.daily,logrotate.d,ufw}
    'usr/lib/*/gconv' 'usr/lib/*/audit' 'usr/lib/*/perl-base')

# apt COMMAND…: apt-get of $suite with a state of its own under $CACHE, so that no other suite's packages mix in.
# Proxy settings of this computer hold; its hooks, pins and sources don't.
apt() {
    local home=$CACHE/apt/$suite
    if [[ ! -f $home/apt.conf || $home/apt.conf -ot ${BASH_SOURCE[0]} ]]; then
        [[ -r $KEYRING ]] || fail 3 "$KEYRING is missing" 'scripts/setup installs it (package debian-archive-keyring)'
        mkdir -p "$home"/{lists/partial,archives/partial}
        source_line >"$home/sources.list"
        # A package of every name above, new enough for any dependency.
        printf 'Package: %s\nStatus: install ok installed\nVersion: 999\nArchitecture: all\nMulti-Arch: foreign\nMaintainer: none\nDescription: assumed\n\n' \
            "${ASSUMED[@]}" >"$home/status"
        cat >"$home/apt.conf" <<CONF
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Post-Invoke;
Dir::State "$home";
Dir::State::lists "$home/lists";
Dir::State::status "$home/status";
Dir::Cache "$home";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Etc::sourcelist "$home/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::GzipIndexes "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "20";
$([[ ! -s $CERTIFICATES ]] || echo "Acquire::https::CAInfo \"$CERTIFICATES\";")
Acquire::Check-Valid-Until "false";
Debug::NoLocking "true";
CONF
    fi
    apt-get -c "$home/apt.conf" -q "$@" </dev/null
}

# The line for $suite in apt's list of sources.
source_line() {
    case $suite in
    docker) printf 'deb [signed-by=%s target=Packages] %s trixie stable\n' "$DOCKER_KEYRING" "$DOCKER" ;;
    *) printf 'deb [signed-by=%s target=Packages] %s %s main\n' "$KEYRING" "$MIRROR" "$suite" ;;
    esac
}

# docker_key: fetches the key of Docker's packages.
docker_key() {
    local log
    log=$(/usr/lib/apt/apt-helper -o Acquire::https::CAInfo="$CERTIFICATES" download-file \
        "$DOCKER/gpg" "$DOCKER_KEYRING" "SHA256:$DOCKER_KEY_HASH" 2>&1) && return
    tail -n 5 <<<"$log" >&2
    fail 1 "the key of Docker's packages could not be fetched from $DOCKER"
}

# Fetches the package lists of $suite, unless that was done in the last six hours. Without a network older lists do.
refresh() {
    local home=$CACHE/apt/$suite stamp=$CACHE/apt/$suite/refreshed log=$CACHE/apt/$suite/update.log
    [[ -n $(find "$stamp" -mmin -360 2>/dev/null) ]] && return
    mkdir -p "$home"
    say "fetching the package lists of $suite"
    if apt -o APT::Update::Error-Mode=any update >"$log" 2>&1; then
        touch "$stamp"
    elif [[ -e $stamp ]]; then
        say "the package lists of $suite could not be refreshed; using those of $(date -r "$stamp" +%F)"
    else
        tail -n 5 "$log" >&2
        fail 1 "the package lists of $suite could not be fetched (Debian's mirror is $MIRROR)" \
            'a mirror must be reachable; SEAWORTHY_DEBIAN_MIRROR names another one'
    fi
}

# download PACKAGE=VERSION…: into $CACHE/debs, where those that are there already stay.
download() {
    mkdir -p "$CACHE/debs"
    local log=$CACHE/apt/$suite/download.log
    say "fetching $# packages of $suite"
    (cd "$CACHE/debs" && apt download "$@" >"$log" 2>&1) && return
    rm -f "$CACHE/apt/$suite/refreshed" # the lists may name packages that the mirror no longer has
    tail -n 5 "$log" >&2
    fail 1 "packages of $suite could not be downloaded" 'try again: the package lists are fetched anew'
}

# unpack PACKAGE=VERSION…: into $ROOT, without what is left out.
unpack() {
    local package name version deb date newest
    newest=$(cat "$BUILT_AT" 2>/dev/null || echo 0)
    for package in "$@"; do
        name=${package%%=*} version=${package#*=}
        deb=$(compgen -G "$CACHE/debs/${name}_${version//:/%3a}_*.deb") || fail 1 "$name $version was not downloaded"
        dpkg-deb --fsys-tarfile "$deb" |
            tar -x -p --no-same-owner --keep-directory-symlink -C "$ROOT" --no-wildcards-match-slash --anchored "${LEFT_OUT[@]/#/--exclude=./}"
        printf '%s %s %s\n' "$name" "$version" "$suite" >>"$MANIFEST"
        date=$(head -c 36 "$deb" | tail -c 12 | tr -d ' ') # of its first member, in the header of the archive
        ((date <= newest)) || newest=$date
    done
    echo "$newest" >"$BUILT_AT"
}

# packages SUITE NAME…: unpacks these and all that they depend on.
packages() {
    local suite=$1 plan
    shift
    refresh
    plan=$(apt -s install "$@" 2>&1) || {
        tail -n 15 <<<"$plan" >&2
        fail 1 "Debian $suite has no installable set of: $*"
    }
    local -a found
    mapfile -t found < <(sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*/\1=\2/p' <<<"$plan")
    download "${found[@]}"
    unpack "${found[@]}"
}

# alone SUITE NAME[=VERSION]…: unpacks these and nothing that they depend on (another suite has that).
alone() {
    local suite=$1 name version
    local -a found=()
    shift
    refresh
    for name in "$@"; do
        if [[ $name == *=* ]]; then
            found+=("$name")
            continue
        fi
        version=$(apt_version "$suite" "$name")
        [[ -n $version ]] || fail 1 "Debian $suite has no package $name"
        found+=("$name=$version")
    done
    download "${found[@]}"
    unpack "${found[@]}"
}

# apt_version SUITE NAME: the version that the suite holds, or nothing.
apt_version() {
    local suite=$1
    refresh >&2
    apt-cache -c "$CACHE/apt/$suite/apt.conf" show --no-all-versions "$2" 2>/dev/null | sed -n 's/^Version: //p'
}

# newest_version SUITE NAME BEGINNING: the newest version that the suite has and that begins so, its epoch aside.
newest_version() {
    local suite=$1
    refresh >&2
    apt-cache -c "$CACHE/apt/$suite/apt.conf" madison "$2" | awk -F' *[|] *' -v wanted="$3" \
        '{ number = $2; sub(/^[0-9]+:/, "", number) } index(number ".", wanted ".") == 1 || index(number, wanted "-") == 1 { print $2; exit }'
}
