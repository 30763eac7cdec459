# zig as the linker and C compiler for other systems, by cargo-zigbuild; both from PyPI, into target/tools. Sourced after
# say.bash, in the repository's folder.

readonly ZIGBUILD=0.24.1 ZIG=0.17.1
readonly ZIG_TOOLS=$PWD/target/tools/zig

# install_zig: cargo-zigbuild and zig, of these versions.
install_zig() {
    local wanted="cargo-zigbuild==$ZIGBUILD ziglang==$ZIG"
    [[ $(cat "$ZIG_TOOLS/installed" 2>/dev/null) != "$wanted" ]] || return 0
    command -v python3 >/dev/null || fail 3 'zig is fetched with pip, and python3 is missing' 'install python3 and its venv module'
    say "installing $wanted into $ZIG_TOOLS"
    rm -rf "$ZIG_TOOLS"
    python3 -m venv "$ZIG_TOOLS"
    # shellcheck disable=SC2086
    "$ZIG_TOOLS/bin/pip" install --quiet --disable-pip-version-check $wanted
    echo "$wanted" >"$ZIG_TOOLS/installed"
}

# zigbuild COMMAND ARGUMENT…: cargo's `build` or `check`, with zig.
zigbuild() { PATH=$ZIG_TOOLS/bin:$PATH cargo-zigbuild "$@"; }

# standard_library TARGET: fails if this Rust can't build for it.
standard_library() {
    [[ -d $(rustc --print target-libdir --target "$1") ]] ||
        fail 3 "this Rust has no standard library for $1" "rustup target add $1"
}
