# shellcheck shell=bash
# Where images are kept: outside the checkout, under a digest of what they are made of, so that any number of checkouts share
# them. What is being made has the ending .new and is used by nobody; what is complete is never changed.
#
#   $cache/root-KIND-KEY.tar     a root file system as Debian's packages leave it
#   $cache/KIND-KEY/             a bootable image with its snapshot
#   $cache/emulator-KEY/         an emulator that is newer than the distribution's
#   $cache/run/NAME/             a reference host that runs: its disks, sockets, serial log

cache=${INSULA_CACHE:-/var/cache/insula}/refhost

# Of each kind of thing, the newest so many keys stay: other checkouts may be at other versions.
cache_keep=3

prepare_cache() {
    # A socket's path can have 107 characters, and ssh adds 17 of its own while it makes one.
    [ "${#cache}" -le 60 ] || fail "refhost: the directory $cache has too long a name for sockets; set INSULA_CACHE to a shorter one"
    case $cache in *[!A-Za-z0-9/._-]*) fail "refhost: the directory $cache has characters in its name that the emulator's options cannot have" ;; esac
    mkdir -p -- "$cache/run" || fail "refhost: cannot make $cache (INSULA_CACHE names another place)"
    chmod 700 -- "$cache" "$cache/run"
}

# need_space MIB WHAT
need_space() {
    local free
    free=$(df --output=avail -m -- "$cache" | tail -n 1)
    [ "$free" -ge "$1" ] || fail "refhost: $2 needs $1 MB in $cache, and $free MB are free (INSULA_CACHE names another place)"
}

# Runs a function while nobody else runs one under the same lock. The emulator is started without the lock's descriptor.
with_cache_lock() {
    local name=$1 descriptor
    shift
    exec {descriptor}>"$cache/$name.lock"
    if ! flock -n "$descriptor"; then
        say "waiting for another run that works on $name"
        attended flock "$descriptor"
    fi
    "$@"
    exec {descriptor}>&-
}

# make_cached PATH FUNCTION [ARGUMENT..]: makes PATH unless it is there. The function gets the temporary path as its last argument.
make_cached() {
    local path=$1 name=${1##*/}
    shift
    [ -e "$path" ] || with_cache_lock "${name%-*}" make_locked "$path" "$@"
    touch -- "$path"
}

make_locked() {
    local path=$1
    shift
    [ ! -e "$path" ] || return 0
    remove_leftovers "$path"
    at_exit remove_new "$path.new"
    "$@" "$path.new"
    mv -T -- "$path.new" "$path"
}

remove_new() { rm -rf -- "$1"; }

# Under the lock nobody else makes a thing of this name: what is there unfinished is from a run that was killed.
remove_leftovers() {
    local path=$1 leftover
    for leftover in "${path%-*}"-*.new; do
        [ -e "$leftover" ] || continue
        say "removing what an interrupted build left: ${leftover##*/}"
        rm -rf -- "$leftover"
    done
}

# Removes all but the newest keys. What a running host uses stays.
prune_cache() {
    local kind pattern
    for kind in "${reference_kinds[@]}"; do
        for pattern in "root-$kind-*.tar" "$kind-????????????"; do prune_pattern "$pattern"; done
    done
    prune_pattern 'emulator-????????????'
}

prune_pattern() {
    local path
    # shellcheck disable=SC2086 # the pattern is to be expanded
    (cd -- "$cache" && ls -1dt -- $1 2>/dev/null) | tail -n +$((cache_keep + 1)) | while read -r path; do
        ! grep -qsx -- "$cache/$path" "$cache"/run/*/image || continue
        rm -rf -- "${cache:?}/$path"
    done
}
