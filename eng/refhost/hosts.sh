# shellcheck shell=bash
# Reference hosts by name: made from an image, wired, listed, ended. A host that a command like "test" starts for itself ends with
# it, and should that command be killed, with the next one; a host that "refhost start" made stays until it is stopped.

# Sets image for a kind, which is made first if need be.
ensure_image() {
    local kind=$1 archive
    archive=$cache/root-$kind-$(root_key "$kind").tar
    image=$cache/$kind-$(image_key "$kind")
    [ -e "$image" ] || {
        require_packages "${bootstrap_needs[@]}" "${image_needs[@]}"
        make_cached "$archive" make_root_archive "$kind"
    }
    make_cached "$image" make_image "$kind" "$archive"
}

# prepare_machine NAME IMAGE PAYLOAD: its directory with fresh disks. The payload is a directory that the host will see as /payload.
prepare_machine() {
    local name=$1 image=$2 payload=$3 directory
    directory=$(run_directory "$name")
    need_space 500 'a reference host'
    mkdir -- "$directory" 2>/dev/null || fail "refhost: $name is there already (refhost list shows it, refhost stop $name ends it)"
    write_owner "$name" $$
    printf '%s\n' "$image" >"$directory/image"
    if [ -e "$image/snapshot/state" ]; then
        "$emulator_image" create -q -f qcow2 -b "$image/snapshot/root.qcow2" -F qcow2 "$directory/root.qcow2"
        "$emulator_image" create -q -f qcow2 -b "$image/snapshot/scratch.qcow2" -F qcow2 "$directory/scratch.qcow2"
    else
        "$emulator_image" create -q -f qcow2 -b "$image/disk.img" -F raw "$directory/root.qcow2"
        "$emulator_image" create -q -f qcow2 "$directory/scratch.qcow2" "$reference_scratch"
    fi
    make_payload "$payload" "$directory/payload.img"
}

make_payload() {
    local payload=$1 disk=$2
    truncate -s "$reference_payload" -- "$disk"
    [ -z "$payload" ] ||
        attended mke2fs -q -F -t ext4 -m 0 -O ^has_journal,^metadata_csum_seed,^orphan_file -E lazy_itable_init=1,nodiscard,root_owner=0:0 -d "$payload" "$disk"
}

# start_host NAME KIND [PAYLOAD [LINK]]: from nothing to a host that takes commands.
start_host() {
    local name=$1 kind=$2 payload=${3:-} link=${4:-} image directory
    directory=$(run_directory "$name")
    ensure_image "$kind"
    prepare_machine "$name" "$image" "$payload"
    at_exit forget_own "$name"
    printf '%s' "$link" >"$directory/link"
    if [ -e "$image/snapshot/state" ]; then
        attended resume_machine "$name" "$image"
    else
        attended boot_machine "$name" "$image"
    fi
    settle_host "$name" "${payload:+payload}"
}

# What differs between hosts of one snapshot: its name, and the address and numbers of the card on the private link, by the end it is.
settle_host() {
    local name=$1 payload=$2 text
    text="hostname $name; sed -i 's/^127.0.0.1 .*/127.0.0.1 localhost $name/' /etc/hosts"
    [ -z "$payload" ] || text+='; mkdir -p /payload; blockdev --flushbufs /dev/vdb; mount -o ro /dev/vdb /payload'
    case $(<"$(run_directory "$name")/link") in
    *,server) text+="; $(link_settings 1)" ;;
    *,client) text+="; $(link_settings 2)" ;;
    esac
    in_machine "$name" "set -e; $text" </dev/null
}

link_settings() {
    printf 'ip link set eth1 address 52:54:00:77:00:%02x up; ip addr replace 10.77.0.%s/24 dev eth1; ip addr replace fd77::%s/64 dev eth1 nodad' "$1" "$1" "$1"
}

# Restarts the guest as an administrator would, with what is on its disks: the guest ends, and is booted again.
reboot_host() {
    local name=$1 directory end=$((SECONDS + boot_limit))
    directory=$(run_directory "$name")
    in_machine "$name" 'systemctl --no-block reboot' </dev/null || true
    while is_running "$name"; do
        [ $SECONDS -lt $end ] || machine_failed "$name" "did not shut down within $boot_limit seconds"
        sleep 0.2
    done
    mv -f -- "$directory/log" "$directory/log.before"
    rm -f -- "$directory"/{pid,qmp,ssh}
    attended boot_machine "$name" "$(<"$directory/image")"
    settle_host "$name" "$(in_payload "$directory/payload.img")"
}

# An ext4 file system has its magic number 0xEF53 at byte 1080.
in_payload() { [ "$(od -An -tx2 -j1080 -N2 -- "$1" | tr -d ' ')" != ef53 ] || printf payload; }

# Ends a host and removes everything of it but its image.
forget_machine() {
    local directory
    directory=$(run_directory "$1")
    [ -d "$directory" ] || return 0
    end_machine "$1"
    rm -rf -- "$directory"
}

write_owner() { printf '%s %s\n' "$2" "$(start_time "$2")" >"$(run_directory "$1")/owner"; }

# What this script started and nobody was given.
forget_own() {
    local directory owner=''
    directory=$(run_directory "$1")
    read -r owner _ 2>/dev/null <"$directory/owner" || true
    [ -e "$directory/keep" ] || [ "$owner" != $$ ] || forget_machine "$1"
}

# Ends what was started for a command that was killed.
reap_hosts() {
    local directory owner started
    for directory in "$cache"/run/*/; do
        if [ ! -d "$directory" ] || [ -e "$directory/keep" ]; then continue; fi
        owner='' started=''
        read -r owner started <"$directory/owner" || true
        if [ -n "$owner" ] && [ "$(start_time "$owner")" = "$started" ]; then continue; fi
        say "ending the reference host $(basename -- "$directory"): what it was started for has ended"
        forget_machine "$(basename -- "$directory")"
    done
}

# A process's start in clock ticks since boot, which tells it from a later one with the same id; nothing if there is none.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

require_running() { is_running "$1" || machine_failed "$1" 'is not running (refhost list; a panic ends it)'; }
