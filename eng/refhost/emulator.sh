# shellcheck shell=bash
# The emulator: QEMU from Debian, 8.1 or later. Debian 12 has 7.2 and offers 10 in its backports; that one is unpacked into the cache
# instead of being installed, so that nothing of this machine is replaced. The libraries it needs are those of 7.2, which is installed.

emulator_needs=(
    'qemu-system-x86_64=qemu-system-x86=runs the reference hosts'
    'qemu-img=qemu-utils=makes the disks of the reference hosts'
    'socat=socat=talks to the emulator'
    'ssh=openssh-client=runs commands in the reference hosts'
)

emulator_oldest=8.1

# Sets emulator, emulator_image (qemu-img) and emulator_version.
find_emulator() {
    [ "$(uname -m)" = x86_64 ] || fail "refhost: the reference hosts are x86_64 machines, and this one is $(uname -m)"
    require_packages "${emulator_needs[@]}"
    emulator=$(command -v qemu-system-x86_64) emulator_image=$(command -v qemu-img)
    emulator_version=$(version_of_emulator "$emulator")
    ! is_recent_emulator "$emulator_version" || return 0
    unpack_backport
    emulator_version=$(version_of_emulator "$emulator")
    is_recent_emulator "$emulator_version" || fail "refhost: $emulator has version $emulator_version, needed is $emulator_oldest or later"
}

# "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)"
version_of_emulator() { "$1" --version | sed -n '1s/^QEMU emulator version \([0-9.]*\).*/\1/p'; }

is_recent_emulator() { [ "$(printf '%s\n' "$emulator_oldest" "$1" | sort -V | head -n 1)" = "$emulator_oldest" ]; }

unpack_backport() {
    local suite path
    suite=$(
        # shellcheck source=/dev/null
        . /etc/os-release && printf '%s' "${VERSION_CODENAME:-}"
    )
    [ "$suite" = bookworm ] ||
        fail "refhost: QEMU $emulator_version is too old, needed is $emulator_oldest or later; install a newer one ($suite-backports may have it)"
    path=$cache/emulator-$(printf '%s\n' "$here/eng/refhost/emulator.sh" | digest_of_parts "$suite")
    make_cached "$path" download_backport "$suite-backports"
    emulator=$path/qemu
}

# apt itself fetches and verifies, with lists and state of its own: the machine's configuration is only read.
download_backport() {
    local suite=$1 new=$2 name packages=(qemu-system-x86 qemu-system-common qemu-system-data seabios)
    step "QEMU from $suite"
    need_space 400 'the emulator'
    mkdir -p -- "$new"/{lists/partial,archives/partial,root}
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$(debian_mirror main)" "$suite" >"$new/sources.list"
    retried "fetching QEMU from $suite" attended fetch_packages "$new" "${packages[@]}"
    for name in "$new"/archives/*.deb; do dpkg-deb -x "$name" "$new/root"; done
    rm -rf -- "$new"/{lists,archives,sources.list,pkgcache.bin,srcpkgcache.bin}
    cat >"$new/qemu" <<'SCRIPT'
#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")/root/usr
QEMU_MODULE_DIR=$here/lib/x86_64-linux-gnu/qemu exec "$here/bin/qemu-system-x86_64" -L "$here/share/qemu" -L "$here/share/seabios" "$@"
SCRIPT
    chmod 755 -- "$new/qemu"
    ! ldd "$new/root/usr/bin/qemu-system-x86_64" | grep 'not found' || fail 'refhost: the emulator lacks the libraries above'
}

fetch_packages() {
    local directory=$1 options
    shift
    options=(-q -o Dir::Etc::SourceList="$directory/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$directory/lists"
        -o Dir::Cache="$directory" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2)
    apt-get "${options[@]}" update </dev/null >&2 || return 1
    # update calls a list that could not be fetched a warning.
    apt-cache "${options[@]}" show "$1" >/dev/null || return 1
    (cd -- "$directory/archives" && apt-get "${options[@]}" download "$@" </dev/null >&2)
}
