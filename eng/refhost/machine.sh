# shellcheck shell=bash
# The emulated machine: its devices, how it is started, reached and ended. All that belongs to a running one is in $cache/run/NAME:
#
#   root.qcow2, scratch.qcow2   what was written to its disks          payload.img   a file system with what tests bring (read-only)
#   qmp, ssh                    sockets of the emulator and of ssh     log           its serial console
#   pid, owner, keep, image     the emulator; who started it; whether it outlives that one; the image it came from

# tb-size: MiB for translated code, taken as it is needed. When they are full, all is translated anew; what tests run fills 256 in a minute.
accelerator() { if [ -w /dev/kvm ]; then printf kvm; else printf 'tcg,thread=single,tb-size=1024'; fi; }

# An emulated processor is the faster the less it can do: with fast string instructions the kernel copies byte by byte, with wide vectors each
# switch of tasks saves them, with SMAP each copy to or from a program ends a piece of translated code.
processor_model() { if [ -w /dev/kvm ]; then printf host; else printf 'Nehalem,+x2apic,+rdrand,+fsgsbase'; fi; }

run_directory() { printf '%s' "$cache/run/$1"; }

# The devices. A snapshot can be resumed only by a machine with the same ones, so this is the one place that names them.
#
# thread=single: all processors take turns on one thread of the emulator. With a thread each, one that the machine outside stopped at
# the wrong moment can go on with a stale translation of code that the guest's kernel was patching, and the guest panics.
# -no-reboot: a guest that panics ends the emulator.
# shellcheck disable=SC2054 # the commas are the programs' own
machine_arguments() {
    local directory=$1
    arguments=(-nodefaults -no-user-config -display none -accel "$(accelerator)" -cpu "$(processor_model)" -smp "$reference_cpus"
        -m "$reference_memory" -machine q35,memory-backend=memory,hpet=off
        -drive "file=$directory/root.qcow2,if=none,id=root,cache=unsafe,discard=unmap" -device virtio-blk-pci,drive=root
        -drive "file=$directory/payload.img,format=raw,if=none,id=payload,readonly=on" -device virtio-blk-pci,drive=payload
        -drive "file=$directory/scratch.qcow2,if=none,id=scratch,cache=unsafe,discard=unmap" -device virtio-blk-pci,drive=scratch
        -netdev "user,id=outside,restrict=on,hostfwd=tcp:127.0.0.1:0-:22"
        -device virtio-net-pci,netdev=outside,mac=52:54:00:12:34:56,romfile=
        -device virtio-net-pci,netdev=link,mac=52:54:00:12:34:57,romfile=
        -device virtio-rng-pci -device vmgenid,guid=auto -qmp "unix:$directory/qmp,server=on,wait=off"
        -serial "file:$directory/log" -pidfile "$directory/pid" -no-reboot -daemonize)
}

# The second network card: nothing, or "PATH,server" and "PATH,client", the two ends of a private link.
# shellcheck disable=SC2054 # the commas are the programs' own
link_arguments() {
    local link=$1 again=reconnect=1
    [ "$(printf '%s\n' 9.2 "$emulator_version" | sort -V | head -n 1)" != 9.2 ] || again=reconnect-ms=200
    case $link in
    '') arguments+=(-netdev hubport,id=link,hubid=1) ;;
    *,server) arguments+=(-netdev "stream,id=link,server=on,addr.type=unix,addr.path=${link%,*}") ;;
    *,client) arguments+=(-netdev "stream,id=link,server=off,$again,addr.type=unix,addr.path=${link%,*}") ;;
    esac
}

# The emulator stays when this script has ended: it gets none of its descriptors, locks and pipes among them.
launch_machine() {
    local directory=$1 descriptor
    (
        for descriptor in /proc/"$BASHPID"/fd/*; do
            descriptor=${descriptor##*/}
            [ "$descriptor" -le 2 ] || eval "exec $descriptor>&-"
        done
        exec "$emulator" "${arguments[@]}"
    ) </dev/null >"$directory/emulator.log" 2>&1 || {
        cat -- "$directory/emulator.log" >&2
        fail "refhost: the emulator did not start"
    }
}

# boot_machine NAME IMAGE [MEMORY-FILE]: from the start of the kernel to the first command.
boot_machine() {
    local name=$1 image=$2 memory=${3:-} directory arguments
    directory=$(run_directory "$name")
    machine_arguments "$directory"
    link_arguments "$(cat -- "$directory/link" 2>/dev/null || true)"
    if [ -n "$memory" ]; then
        arguments+=(-object "memory-backend-file,id=memory,size=${reference_memory}M,mem-path=$memory,share=on")
    else
        arguments+=(-object "memory-backend-ram,id=memory,size=${reference_memory}M")
    fi
    arguments+=(-kernel "$image/kernel" -initrd "$image/initrd" -append "${reference_kernel_options//$'\n'/}")
    launch_machine "$directory"
    wait_until_booted "$name"
    connect_machine "$name"
}

# Seconds; twenty are enough on a machine that does nothing else.
boot_limit=600

wait_until_booted() {
    local name=$1 directory end=$((SECONDS + boot_limit))
    directory=$(run_directory "$name")
    until grep -qs '^refhost: ready' "$directory/log"; do
        is_running "$name" || machine_failed "$name" 'ended while it booted'
        [ $SECONDS -lt $end ] || machine_failed "$name" "did not boot within $boot_limit seconds"
        sleep 0.2
    done
}

# resume_machine NAME IMAGE: goes on where the snapshot was taken. The memory file is mapped privately: pages come in as they are used.
resume_machine() {
    local name=$1 image=$2 directory arguments
    directory=$(run_directory "$name")
    machine_arguments "$directory"
    link_arguments "$(cat -- "$directory/link" 2>/dev/null || true)"
    arguments+=(-object "memory-backend-file,id=memory,size=${reference_memory}M,mem-path=$image/snapshot/memory,share=off" -incoming defer)
    launch_machine "$directory"
    monitor "$name" "$keep_memory_apart" \
        "{\"execute\":\"migrate-incoming\",\"arguments\":{\"uri\":\"exec:cat $image/snapshot/state\"}}" >/dev/null
    until [[ $(monitor "$name" '{"execute":"query-status"}') != *'"inmigrate"'* ]]; do sleep 0.02; done
    # It was saved while it stood still.
    monitor "$name" '{"execute":"cont"}' >/dev/null
    connect_machine "$name"
}

# Memory is a file that both sides map, so the state need not hold it.
keep_memory_apart='{"execute":"migrate-set-capabilities","arguments":{"capabilities":[{"capability":"x-ignore-shared","state":true}]}}'

# monitor NAME COMMAND..: QMP commands; prints the answer to the last. Lines that are events are passed over.
monitor() {
    local name=$1 command answer='' from to
    shift
    coproc MONITOR { exec socat - "UNIX-CONNECT:$(run_directory "$name")/qmp" 2>/dev/null; }
    from=${MONITOR[0]} to=${MONITOR[1]}
    read -r -t 60 _ <&"$from" || machine_failed "$name" 'does not answer on its monitor'
    for command in '{"execute":"qmp_capabilities"}' "$@"; do
        printf '%s\n' "$command" >&"$to"
        while read -r -t 60 answer <&"$from"; do
            case $answer in
            '{"return"'*) break ;;
            '{"error"'*) machine_failed "$name" "refused $command: $answer" ;;
            esac
        done
        [ -n "$answer" ] || machine_failed "$name" "did not answer to $command"
    done
    # socat ends with its input, and takes its variables with it.
    exec {to}>&- {from}<&-
    wait "${MONITOR_PID:-}" 2>/dev/null || true
    printf '%s\n' "$answer"
}

# The emulator chose a free port: "TCP[HOST_FORWARD]  13       127.0.0.1 38261       10.0.2.15    22     0     0".
ssh_port() {
    monitor "$1" '{"execute":"human-monitor-command","arguments":{"command-line":"info usernet"}}' |
        sed -n 's/.*HOST_FORWARD\][^.]*127\.0\.0\.1 *\([0-9]*\).*/\1/p'
}

# shellcheck disable=SC2054 # the commas are the programs' own
ssh_arguments() {
    local directory
    directory=$(run_directory "$1")
    ssh=(ssh -q -F none -o ControlPath="$directory/ssh" -i "$(<"$directory/image")/id" -o IdentitiesOnly=yes
        -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=30 -o ServerAliveInterval=30 -o ServerAliveCountMax=10
        -o Ciphers=aes128-gcm@openssh.com,aes128-ctr -p "$(<"$directory/port")" root@127.0.0.1)
}

connect_limit=300

# Opens the one connection that all commands share, and sets the clock, which in a snapshot has stood still.
connect_machine() {
    local name=$1 directory ssh end=$((SECONDS + connect_limit))
    directory=$(run_directory "$name")
    ssh_port "$name" >"$directory/port"
    ssh_arguments "$name"
    until "${ssh[@]}" -f -N -M </dev/null >/dev/null 2>&1; do
        is_running "$name" || machine_failed "$name" 'ended before it could be reached'
        [ $SECONDS -lt $end ] || machine_failed "$name" "could not be reached within $connect_limit seconds"
        sleep 0.3
    done
    in_machine "$name" "date -s @$(date +%s) >/dev/null"
}

# in_machine NAME TEXT: runs shell text as root and passes its output and exit code on.
in_machine() {
    local name=$1 ssh
    shift
    ssh_arguments "$name"
    "${ssh[@]}" "$@"
}

is_running() { [ -n "$(machine_process "$1")" ]; }

# The emulator that was started for NAME. Its command line names the directory, as no other's does.
machine_process() {
    local directory pid
    directory=$(run_directory "$1")
    # Between its fork and its writing the file there is a moment in which only the list of processes has it.
    for pid in $(cat -- "$directory/pid" 2>/dev/null || pgrep -f -- "-pidfile $directory/pid "); do
        ! tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qsF -- "-pidfile $directory/pid " || printf '%s\n' "$pid"
    done
}

end_machine() {
    local name=$1 pid
    [ -z "$(machine_process "$name")" ] || ssh_exit "$name"
    for pid in $(machine_process "$name"); do
        kill -KILL "$pid"
        while grep -qs . "/proc/$pid/cmdline"; do sleep 0.02; done
    done
}

ssh_exit() {
    local ssh
    [ ! -S "$(run_directory "$1")/ssh" ] || {
        ssh_arguments "$1"
        "${ssh[@]}" -O exit </dev/null >/dev/null 2>&1 || true
    }
}

machine_failed() {
    show_log "$1" >&2
    fail "refhost: $1 $2"
}

show_log() {
    local directory
    directory=$(run_directory "$1")
    [ ! -s "$directory/log" ] || {
        say "the end of the serial log of $1:"
        tail -n 25 -- "$directory/log" | tr -d '\r' | sed 's/^/    /'
    }
}
