# shellcheck shell=bash
# Taking away what install put there, and with --purge also all that was made since.

command_uninstall() {
    parse_place_options uninstall ' --prefix --destdir --purge ' "$@"
    [ -n "$destdir" ] || need_root uninstall
    if [ -z "$destdir" ]; then
        if [ "$purge" = yes ]; then destroy_containers; else refuse_when_running; fi
        release_host
        disable_units
        end_daemon
    fi
    remove_installed
    [ -n "$destdir" ] || forget_units
    [ "$purge" = no ] || [ -n "$destdir" ] || purge_data
    say 'uninstalled'
}

# The containers of this host, a CTID a line; with -a also those that do not run. Nothing when no binary is installed.
list_containers() {
    local vzlist=$prefix/sbin/vzlist
    [ ! -x "$vzlist" ] || "$vzlist" "$@" -H -o ctid | tr -d ' '
}

refuse_when_running() {
    local running
    running=$(list_containers) || fail 'cannot list the containers; nothing was removed'
    [ -z "$running" ] ||
        fail "still running: CT $(tr '\n' ' ' <<<"$running" | sed 's/ $//'). Stop them first (vzctl stop CTID), or use --purge, which destroys them"
}

destroy_containers() {
    local vzctl=$prefix/sbin/vzctl id all
    all=$(list_containers -a) || fail 'cannot list the containers; nothing was removed'
    for id in $all; do
        step "destroy CT $id"
        case "$("$vzctl" status "$id")" in *' running'*) "$vzctl" stop "$id" --fast ;; esac
        case "$("$vzctl" status "$id")" in *' mounted'*) "$vzctl" umount "$id" ;; esac
        "$vzctl" destroy "$id"
    done
}

disable_units() {
    local unit
    if [ ! -d /run/systemd/system ]; then return 0; fi
    for unit in insula.service insulad.service; do
        ! systemctl cat "$unit" >/dev/null 2>&1 || systemctl disable --quiet --now "$unit" || warn "$unit was not disabled"
    done
}

# One that a command has started, without systemd. No container runs any more, so that it ends.
end_daemon() {
    local state pid='' rest tries=0
    state=$(setting RUNDIR /run/insula)/insulad
    [ ! -r "$state" ] || read -r pid rest <"$state"
    case $(readlink -- "/proc/${pid:-none}/exe") in */insulad | */insulad\ \(deleted\)) kill -TERM "$pid" ;; *) return 0 ;; esac
    while [ -e "$state" ] && [ $tries -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    [ ! -e "$state" ] || warn "insulad (process $pid) did not end"
}

# The unit that holds the containers' control groups cannot be stopped by hand while its file is there; nothing runs in it any more.
forget_units() {
    if [ ! -d /run/systemd/system ]; then return 0; fi
    rm -f -- /run/systemd/system/insula-containers.service /run/systemd/system/insula.slice
    systemctl daemon-reload
    systemctl stop insula-containers.service insula.slice 2>/dev/null || true
}

# Forwarding as it was, and no packet filter table of ours. The binary knows what it changed.
release_host() {
    [ ! -x "$prefix/bin/insula" ] || "$prefix/bin/insula" host release || warn 'the kernel settings were not taken back'
}

# Last made, first removed. What somebody changed or put into our directories stays.
remove_installed() {
    local manifest lines kind path digest
    manifest=$(manifest_path)
    if [ ! -f "$manifest" ]; then
        [ "$purge" = yes ] || fail "nothing is installed under ${prefix:-/}: there is no $manifest"
        return 0
    fi
    step "remove what is installed under $destdir${prefix:-/}"
    lines=$(tac -- "$manifest")
    # Directories last, after the manifest itself, which is in one of them.
    while IFS=$'\t' read -r kind path digest; do
        [ "$kind" = dir ] || remove_entry "$kind" "$destdir$path" "$digest"
    done <<<"$lines"
    rm -f -- "$manifest"
    while IFS=$'\t' read -r kind path digest; do
        [ "$kind" != dir ] || [ ! -d "$destdir$path" ] || rmdir --ignore-fail-on-non-empty -- "$destdir$path"
    done <<<"$lines"
}

remove_entry() {
    local kind=$1 path=$2 digest=$3
    case $kind in
    file) rm -f -- "$path" ;;
    link) ! is_our_link "$path" || rm -f -- "$path" ;;
    conf)
        if [ ! -f "$path" ]; then return 0; fi
        if [ "$(digest_of "$path")" = "$digest" ]; then rm -f -- "$path"; else [ "$purge" = yes ] || say "kept, as it was changed: $path"; fi
        ;;
    *) warn "the manifest has an unknown line for $path" ;;
    esac
}

# A link that the Debian package, or anybody else, has put in the place of ours leads elsewhere and stays.
is_our_link() {
    local path=$1 target
    target=$(readlink -- "$path") || return 1
    case $path in
    "$destdir$prefix"/sbin/*) [ "$target" = ../bin/insula ] ;;
    *) [ "$target" = "$prefix/bin/insula" ] ;;
    esac
}

# The settings are read before the file that holds them goes.
purge_data() {
    local log cgroup directories directory
    log=$(setting LOGFILE /var/log/vzctl.log)
    cgroup=$(setting CGROUP insula)
    directories=("$(setting QUOTADIR /var/vzquota)" "$(setting RUNDIR /run/insula)" "$(setting LOCKDIR /var/lib/vz/lock)" "$(setting TEMPLATE /var/lib/vz/template)"
        "$(pattern_directory VE_ROOT /var/lib/vz/root)" "$(pattern_directory VE_PRIVATE /var/lib/vz/private)"
        /var/lib/vz "$(config_directory)")
    step 'remove configuration, templates and data'
    for directory in "${directories[@]}"; do remove_tree "$directory"; done
    rm -f -- "$log" "$(dirname -- "$log")/insulad.log"
    remove_cgroups "$cgroup"
}

# VE_PRIVATE="/var/lib/vz/private/$VEID": what is before the last component. A pattern of another shape names no such directory.
pattern_directory() {
    local value
    # shellcheck disable=SC2016 # the file has these characters, nothing is to be expanded
    value=$(setting "$1" "$2/"'$VEID')
    # shellcheck disable=SC2016
    case $value in */'$VEID' | */'${VEID}') printf '%s' "${value%/*}" ;; *) printf '%s' "$2" ;; esac
}

# Never follows a link, never crosses or empties a mount, never takes a directory that is not clearly one of ours.
remove_tree() {
    local directory=$1 mounts
    if [ ! -e "$directory" ] && [ ! -L "$directory" ]; then return 0; fi
    if ! may_be_removed "$directory"; then
        warn "$directory stays: it does not look like a directory of Insula's own"
        return 0
    fi
    if [ -L "$directory" ]; then
        warn "$directory is a link to $(readlink -- "$directory"), which stays; only the link is removed"
        rm -f -- "$directory"
        return 0
    fi
    mounts=$(mounts_at_or_below "$directory" | grep -Fxv -- "$directory" || true)
    [ -z "$mounts" ] || fail "$directory stays, as something is mounted below it: $(tr '\n' ' ' <<<"$mounts")"
    if [ -n "$(mounts_at_or_below "$directory")" ]; then
        find "$directory" -xdev -mindepth 1 -maxdepth 1 -exec rm -rf --one-file-system -- {} +
        say "$directory is a file system of its own: emptied"
    else
        rm -rf --one-file-system -- "$directory"
    fi
}

may_be_removed() {
    case $1 in
    */../* | */.. | */./* | */. | *//*) return 1 ;;
    /bin/* | /boot/* | /dev/* | /lib*/* | /proc/* | /sbin/* | /sys/* | /usr/bin* | /usr/sbin* | /usr/lib* | /usr/share*) return 1 ;;
    /usr/local | /etc/conf.d | /var/lib | /var/log | /var/cache | /var/lock | /var/tmp | /run/lock | /var/run) return 1 ;;
    /*/?*) return 0 ;;
    *) return 1 ;;
    esac
}

# 36 22 0:30 / /vz/root/101\040x rw,relatime shared:2 - overlay none rw   (proc_pid_mountinfo(5): the fifth column, octal escapes)
mounts_at_or_below() {
    local directory=$1 point
    while read -r _ _ _ _ point _; do
        point=$(printf '%b' "${point//\\/\\0}")
        case $point/ in "$directory"/*) printf '%s\n' "$point" ;; esac
    done </proc/self/mountinfo
}

# Our tree in each hierarchy, deepest first; a group that still holds processes refuses by itself.
remove_cgroups() {
    local name=$1 root
    case $name in '' | /* | *..*) return 0 ;; esac
    for root in /sys/fs/cgroup /sys/fs/cgroup/*; do
        [ -d "$root/$name" ] && [ ! -L "$root" ] || continue
        find "$root/$name" -depth -type d -exec rmdir -- {} \; || warn "$root/$name is still in use"
    done
}
