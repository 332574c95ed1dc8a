# shellcheck shell=bash
# From nothing to a running container. Each step finds what an earlier run left and goes on from there.

first_template=debian-13
first_container=101

command_run() {
    parse_place_options run ' --prefix ' "$@"
    need_root run
    require_packages "${build_needs[@]}" "${run_needs[@]}"
    build_native
    install_all
    prepare_host
    ensure_template
    ensure_container
    show_container
}

vzctl() { "$prefix/sbin/vzctl" "$@"; }

insula() { "$prefix/bin/insula" "$@"; }

prepare_host() {
    step 'prepare the host'
    insula host prepare
    # So that containers with ONBOOT=yes are there again after a reboot.
    if has_systemd; then systemctl enable --quiet insula.service; fi
}

ensure_template() {
    if insula template info "$first_template" >/dev/null 2>&1; then
        say "template $first_template is there"
    else
        step "template $first_template, from the Debian mirror"
        insula template create "$first_template"
    fi
}

# "CTID 101 exist mounted running", each word as its opposite otherwise: deleted, unmounted, down.
ensure_container() {
    case "$(vzctl status "$first_container")" in
    *' exist '*) say "CT $first_container is there" ;;
    *)
        step "create CT $first_container"
        vzctl create "$first_container" --ostemplate "$first_template"
        ;;
    esac
    case "$(vzctl status "$first_container")" in
    *' running'*) say "CT $first_container is running" ;;
    *)
        step "start CT $first_container"
        vzctl start "$first_container" --wait
        ;;
    esac
}

show_container() {
    step 'vzlist -a'
    "$prefix/sbin/vzlist" -a
    step "vzctl exec $first_container 'grep PRETTY_NAME /etc/os-release; uname -r; id; cat /proc/1/comm'"
    vzctl exec "$first_container" 'grep PRETTY_NAME /etc/os-release; uname -r; id; cat /proc/1/comm'
    cat <<NEXT

CT $first_container is a Debian of its own on this kernel. Next:
  vzctl enter $first_container                                   a shell in it; exit leaves
  vzctl set $first_container --ipadd 10.10.10.$first_container --save      an address
  vzctl stop $first_container; vzctl start $first_container
  vzctl create 102 --ostemplate $first_template           another one
  vzctl --help; insula check                         more
NEXT
}
