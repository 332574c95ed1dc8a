# shellcheck shell=bash
# A snapshot: the image booted once, and then its memory, devices and disks frozen. Resuming it takes two seconds instead of twenty,
# and any number of machines can run from one.
#
#   snapshot/memory  the memory, a sparse file    snapshot/state  the devices    snapshot/*.qcow2  what was written while it booted

make_snapshot() {
    local kind=$1 new=$2 name="snapshot-$1-$$" directory
    directory=$(run_directory "$name")
    mkdir -- "$new/snapshot"
    prepare_machine "$name" "$new" ''
    at_exit forget_machine "$name"
    attended boot_machine "$name" "$new" "$new/snapshot/memory"
    # Failed units would be in every test run. What the boot has read need not be in the snapshot.
    in_machine "$name" 'systemctl is-system-running --wait; systemctl --failed --no-legend; sync; echo 3 >/proc/sys/vm/drop_caches' >"$directory/state.txt" || true
    [ "$(head -n 1 "$directory/state.txt")" = running ] || machine_failed "$name" "is not well after its boot: $(tr '\n' ' ' <"$directory/state.txt")"
    ssh_exit "$name"
    freeze_machine "$name" "$new/snapshot/state"
    mv -- "$directory"/{root,scratch}.qcow2 "$new/snapshot/"
    # By its relative name, because the image is renamed when it is complete.
    "$emulator_image" rebase -u -f qcow2 -b ../disk.img -F raw "$new/snapshot/root.qcow2"
    forget_machine "$name"
    chmod a-w -- "$new"/snapshot/* "$new/disk.img"
}

freeze_machine() {
    local name=$1 state=$2 answer
    monitor "$name" '{"execute":"stop"}' "$keep_memory_apart" \
        "{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"exec:cat > $state\"}}" >/dev/null
    while :; do
        answer=$(monitor "$name" '{"execute":"query-migrate"}')
        case $answer in
        *'"status": "completed"'*) break ;;
        *'"status": "failed"'*) machine_failed "$name" "could not be saved: $answer" ;;
        esac
        sleep 0.1
    done
    monitor "$name" '{"execute":"quit"}' >/dev/null
    while is_running "$name"; do sleep 0.05; done
}
