# shellcheck shell=bash
# ./build.sh refhost: reference hosts by hand.

refhost_usage() {
    cat <<'HELP'
Usage: sudo ./build.sh refhost COMMAND

Reference hosts are virtual machines with a stock Debian kernel, pure cgroup v2 and systemd, under software emulation where there is
no /dev/kvm. The system tests run in them (docs/testing.md).

  build [--fresh] [KIND..]      makes the images and snapshots that are not in the cache; --fresh makes them anew
  start [--kind KIND] [--payload DIRECTORY] NAME [NAME]
                                starts one, or two that are wired together: eth1 is 10.77.0.1 and fd77::1 in the first, 10.77.0.2
                                and fd77::2 in the second. DIRECTORY is to be seen in them as /payload, read-only
  run NAME TEXT                 runs shell text as root, with its input, output and exit code
  run NAME PROGRAM ARGUMENT..   runs a program with its arguments as they are
  shell NAME                    a shell
  put NAME FILE.. DIRECTORY     copies files and directories into it
  get NAME FILE DIRECTORY       copies a file or directory out of it
  reboot NAME                   shuts it down and boots it again
  log NAME                      its serial console
  list                          those that run
  stop NAME..                   ends them and removes what they wrote

Kinds: debian-13 (the default), debian-12. Images are kept in /var/cache/insula/refhost; INSULA_CACHE names another directory than
/var/cache/insula. Exit code 1 when the host itself fails, otherwise that of what was run.
HELP
}

command_refhost() {
    local verb=${1:-help}
    [ $# -eq 0 ] || shift
    case $verb in
    help | --help | -h)
        refhost_usage
        return
        ;;
    esac
    need_root "refhost $verb"
    prepare_cache
    reap_hosts
    case $verb in
    build) refhost_build "$@" ;;
    start) refhost_start "$@" ;;
    run) refhost_run "$@" ;;
    shell) refhost_shell "$@" ;;
    put) refhost_put "$@" ;;
    get) refhost_get "$@" ;;
    reboot) find_emulator && require_running "${1:?refhost reboot needs a name}" && reboot_host "$1" ;;
    log) tr -d '\r' <"$(run_directory "${1:?refhost log needs a name}")/log" ;;
    list) refhost_list ;;
    stop) refhost_stop "$@" ;;
    *) fail "refhost: unknown command $verb (./build.sh refhost help)" ;;
    esac
}

refhost_build() {
    local fresh=no kind kinds=()
    while [ $# -gt 0 ]; do
        case $1 in
        --fresh) fresh=yes ;;
        -*) fail "refhost build: unknown option $1" ;;
        *) kinds+=("$1") ;;
        esac
        shift
    done
    [ ${#kinds[@]} -gt 0 ] || kinds=("${reference_kinds[@]}")
    for kind in "${kinds[@]}"; do kind_suite "$kind" >/dev/null; done
    find_emulator
    for kind in "${kinds[@]}"; do
        [ "$fresh" = no ] || drop_image "$kind"
        ensure_image "$kind"
        say "$(<"$image/info"): $image"
    done
    prune_cache
}

drop_image() {
    local kind=$1 path
    path=$cache/$kind-$(image_key "$kind")
    ! grep -qsx -- "$path" "$cache"/run/*/image || fail "refhost: $kind is in use (refhost list)"
    rm -rf -- "$path" "$cache/root-$kind-$(root_key "$kind").tar"
}

refhost_start() {
    local kind=${reference_kinds[0]} payload='' names=() name link=''
    while [ $# -gt 0 ]; do
        case $1 in
        --kind | --payload) [ $# -ge 2 ] || fail "refhost start: $1 needs a value" ;;&
        --kind) kind=$2 && shift ;;
        --payload) payload=$2 && shift ;;
        -*) fail "refhost start: unknown option $1" ;;
        *) names+=("$1") ;;
        esac
        shift
    done
    kind_suite "$kind" >/dev/null
    [ ${#names[@]} -eq 1 ] || [ ${#names[@]} -eq 2 ] || fail 'refhost start: give one name, or two that are to be wired together'
    [ -z "$payload" ] || [ -d "$payload" ] || fail "refhost start: $payload is not a directory"
    for name in "${names[@]}"; do check_host_name "$name"; done
    find_emulator
    [ ${#names[@]} -eq 1 ] || link=$(run_directory "${names[0]}")/link.socket
    start_host "${names[0]}" "$kind" "$payload" "${link:+$link,server}"
    [ -z "$link" ] || start_host "${names[1]}" "$kind" "$payload" "$link,client"
    for name in "${names[@]}"; do keep_host "$name"; done
    refhost_list
}

# With INSULA_REFHOST_OWNER, the process id of a program that drives hosts, they end with that program instead of staying.
keep_host() {
    local directory owner=${INSULA_REFHOST_OWNER:-}
    directory=$(run_directory "$1")
    if [ -n "$owner" ]; then write_owner "$1" "$owner"; else : >"$directory/keep"; fi
}

check_host_name() { [[ $1 =~ ^[a-z][a-z0-9-]{0,30}$ ]] || fail "refhost: $1 is no name for a host: small letters, digits and -, at most 31"; }

# One argument is text for the shell; several are a program and its arguments.
refhost_run() {
    [ $# -ge 2 ] || fail 'refhost run: give a name and a command'
    local name=$1 text=$2 status=0
    shift
    [ $# -eq 1 ] || text=$(printf '%q ' "$@")
    require_running "$name"
    in_machine "$name" "$text" || status=$?
    # 255 is the program's own, or says that the connection has ended.
    [ "$status" -ne 255 ] || require_running "$name"
    return "$status"
}

refhost_shell() {
    local ssh status=0
    require_running "${1:?refhost shell needs a name}"
    ssh_arguments "$1"
    "${ssh[@]}" -t || status=$?
    return "$status"
}

refhost_put() {
    [ $# -ge 3 ] || fail 'refhost put: give a name, files and a directory'
    local name=$1 target=${*: -1} files=("${@:2:$#-2}") file
    require_running "$name"
    for file in "${files[@]}"; do
        tar -C "$(dirname -- "$file")" -cf - -- "$(basename -- "$file")" |
            in_machine "$name" "$(printf 'mkdir -p -- %q && tar -C %q -xf -' "$target" "$target")"
    done
}

refhost_get() {
    [ $# -eq 3 ] || fail 'refhost get: give a name, a file and a directory'
    require_running "$1"
    mkdir -p -- "$3"
    in_machine "$1" "$(printf 'tar -C %q -cf - -- %q' "$(dirname -- "$2")" "$(basename -- "$2")")" </dev/null | tar -C "$3" -xf -
}

refhost_list() {
    local directory name state
    for directory in "$cache"/run/*/; do
        [ -d "$directory" ] || continue
        name=$(basename -- "$directory")
        if is_running "$name"; then state="process $(machine_process "$name")"; else state='ended: refhost log says how'; fi
        say "$name  $(cat -- "$(<"$directory/image")/info" 2>/dev/null)  $state$(sed -n 's/^./  wired &/p' "$directory/link" 2>/dev/null | sed 's/ wired .*/ wired/')"
    done
}

refhost_stop() {
    local name
    [ $# -gt 0 ] || fail 'refhost stop: give names (refhost list)'
    for name in "$@"; do
        check_host_name "$name"
        [ -d "$(run_directory "$name")" ] || fail "refhost: there is no $name (refhost list)"
        forget_machine "$name"
    done
}
