# shellcheck shell=bash
# What the other parts of build.sh share: messages, options, paths. Sourced; "here" is the repository.

default_prefix=/usr/local
out=$here/out

say() { printf '%s\n' "$*"; }

step() { printf '==> %s\n' "$*"; }

warn() { printf 'build.sh: warning: %s\n' "$*" >&2; }

fail() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

# What is to be done when this script ends, however it ends; the last first. A shell of its own ( ... ) & starts with begin_tasks.
exit_tasks=() attended_group='' attended_status=0

at_exit() { exit_tasks+=("$(printf '%q ' "$@")"); }

begin_tasks() {
    exit_tasks=() attended_group=''
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap run_exit_tasks EXIT
}

run_exit_tasks() {
    local status=$? i
    trap '' INT TERM
    set +e
    end_attended
    for ((i = ${#exit_tasks[@]} - 1; i >= 0; i--)); do eval "${exit_tasks[i]}"; done
    exit "$status"
}

# Runs what takes long in a process group of its own and waits for it. A shell looks at a signal only once the program in the
# foreground has ended, and this script is to end at once, and what it runs with it.
attended() {
    attend "$@"
    return "$attended_status"
}

# The same, with the exit code in attended_status. A function whose failure the caller handles must be run by this one: after
# "attended function ||" bash would let the function go on behind a failing line.
attend() {
    attended_status=0
    set -m
    "$@" <&0 &
    set +m
    attended_group=$!
    wait "$attended_group" || attended_status=$?
    attended_group=
}

end_attended() { end_group "$attended_group"; }

# end_group GROUP: ends a process group that this shell has started, if it is one.
end_group() {
    local group=$1 tries=0
    [ -n "$group" ] && kill -TERM -- "-$group" 2>/dev/null || return 0
    while kill -0 -- "-$group" 2>/dev/null && [ $tries -lt 300 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -KILL -- "-$group" 2>/dev/null
    wait "$group" 2>/dev/null
}

# retried WHAT COMMAND..: three attempts at what needs a mirror, which may be away for a moment.
retried() {
    local what=$1 pause
    shift
    for pause in 10 30; do
        ! "$@" || return 0
        warn "$what failed; trying again in $pause seconds"
        attended sleep "$pause"
    done
    "$@" || fail "$what failed three times"
}

is_root() { [ "$(id -u)" -eq 0 ]; }

need_root() { is_root || fail "$1 needs root: sudo ./build.sh $1"; }

# What the options of install, uninstall and run say. Sets prefix, destdir and purge; allowed is a list such as " --prefix ".
parse_place_options() {
    local command=$1 allowed=$2
    shift 2
    prefix=$default_prefix destdir='' purge=no
    while [ $# -gt 0 ]; do
        local name=${1%%=*}
        case $allowed in *" $name "*) ;; *) fail "$command: unknown option $1 (./build.sh --help)" ;; esac
        case $1 in
        --purge) purge=yes ;;
        --*=*) set_place "$name" "${1#*=}" ;;
        *)
            [ $# -ge 2 ] || fail "$command: $1 needs a directory"
            set_place "$name" "$2"
            shift
            ;;
        esac
        shift
    done
}

set_place() {
    local value=$2
    # The manifest has a path a line, with tabs between its columns.
    case $value in
    *[$'\t\n']*) fail "$1: a directory with a tab or a line break in its name is not supported" ;;
    /) value='' ;;
    /*) value=${value%/} ;;
    *) fail "$1: $value is not an absolute path" ;;
    esac
    case $1 in
    --prefix) prefix=$value ;;
    --destdir) destdir=$value ;;
    esac
}

config_directory() { printf '%s' "${INSULA_CONFIG_DIR:-/etc/vz}"; }

# A value of vz.conf, which is KEY="value" from column 0 on; the first of several counts. It is not sourced: this script wants a
# few paths, not whatever else the file would do.
setting() {
    local key=$1 default=$2 file value
    file=$(config_directory)/vz.conf
    value=$([ ! -r "$file" ] || sed -n "s/^$key=//p" "$file" | sed -n '1s/^"\([^"]*\)".*/\1/;1p')
    printf '%s' "${value:-$default}"
}
