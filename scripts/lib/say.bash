# Messages and failures, for every script here. Sourced, not run. Messages go to stderr, results to stdout.

# say TEXT…: one line of progress.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# fail CODE TEXT [REMEDY…]: what is wrong, what to do about it, then the end of the process.
fail() {
    local code=$1
    printf '%s: error: %s\n' "${0##*/}" "$2" >&2
    shift 2
    (($# == 0)) || printf '  remedy: %s\n' "$@" >&2
    exit "$code"
}
