# shellcheck shell=bash
# The Debian package as an administrator has it, in a reference host, driven from outside as the host is booted anew: installed with
# apt, a container that starts at boot, an upgrade, a removal that is refused, a shutdown, and a purge that leaves nothing. Each step
# is a test of the report; one that fails ends the run, as those after it build on it.

package_steps=(
    'apt installs the package and the host is prepared'
    'a container is made and started'
    'an upgrade leaves the container running'
    'a removal beside a running container is refused'
    'what runs survives a restart of the units'
    'files are read on when both processes of the daemon are killed'
    'the container runs again after a reboot'
    'the shutdown before it stopped the container in order'
    'purge beside a stopped container keeps it and says so'
    'purge without containers leaves the files of the host as they were'
)

# What dpkg, apt, the journal and the tests themselves keep is not the package's.
# shellcheck disable=SC2016 # for the shell of the host
package_snapshot='find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /payload -o -path /root \
    -o -path /var/tmp -o -path /var/lib/dpkg -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/systemd -o -path /var/log/journal \
    -o -path /var/log/apt -o -path /var/log/wtmp -o -path /var/log/btmp -o -path /var/log/lastlog -o -path /var/log/dpkg.log -o -path /var/log/alternatives.log -o -path /etc/systemd/journald.conf.d \) -prune \
    -o -printf "%y %m %u:%g %s %p %l\n" | sed "s/^d \([^ ]* [^ ]*\) [0-9]*/d \1/" | LC_ALL=C sort'

# test_package KIND: in a shell of its own; writes the report of the block.
test_package() {
    local kind=$1 name=package-$1-$$ i began reason status results=''
    begin_tasks
    make_packages
    start_host "$name" "$kind" "$out/package"
    for i in "${!package_steps[@]}"; do
        began=$SECONDS status=0
        reason=$(package_step "$((i + 1))" "$name" 2>&1) || status=$?
        # The steps' own words are for whoever reads the log.
        printf '%s\n' "$reason" | sed 's/^/    /'
        say "${package_steps[i]}: $([ "$status" -eq 0 ] && printf 'passed' || printf 'failed'), $((SECONDS - began)) s"
        results+="$(package_result "${package_steps[i]}" "$status" "$reason")"$'\n'
        [ "$status" -eq 0 ] || break
    done
    write_package_report "$results" >"$out/test/$kind/package.xml"
    forget_machine "$name"
}

# The same program as two versions: what an upgrade does is up to the scripts.
make_packages() {
    rm -rf -- "$out/package"
    mkdir -p -- "$out/package"
    (begin_tasks && command_deb --output "$out/package")
    (begin_tasks && command_deb --output "$out/package" --version "$(product_version)+test1")
}

package_result() {
    local step=$1 status=$2 reason=$3
    if [ "$status" -eq 0 ]; then
        printf '<test name="DebianPackage.%s" result="Pass"></test>' "$(package_text "$step")"
    else
        printf '<test name="DebianPackage.%s" result="Fail"><failure><message><![CDATA[%s]]></message></failure></test>' \
            "$(package_text "$step")" "$(tail -n 20 <<<"$reason" | tr -d '\000-\010\013-\037' | sed 's/]]>/]] >/g')"
    fi
}

package_text() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/"/\&quot;/g; s/ /_/g' <<<"$1" | tr -d '\n'; }

# As xunit writes it, as far as report.sh reads it. What was not reached is not counted as passed.
write_package_report() {
    local passed failed
    passed=$(grep -c 'result="Pass"' <<<"$1") || true
    failed=$(grep -c 'result="Fail"' <<<"$1") || true
    printf '<assemblies><assembly name="DebianPackage" errors="0" failed="%s" passed="%s" skipped="0">\n%s</assembly>\n</assemblies>\n' \
        "$failed" "$passed" "$1"
}

# shellcheck disable=SC2016 # the host's shell expands what is in single quotes
# package_step NUMBER NAME. "set -e" holds in the host's shell; here each line that may fail is the last or followed by "|| return".
package_step() {
    local name=$2
    case $1 in
    1) in_host "$name" "mkdir -p /var/log/journal /etc/systemd/journald.conf.d
            printf '[Journal]\nStorage=persistent\n' >/etc/systemd/journald.conf.d/zz-test.conf; systemctl restart systemd-journald; journalctl --flush
            { $package_snapshot; } >/root/before
            apt-get install -y --no-install-recommends $(package_file '')
            test -d /run/insula; test \"\$(stat -c %a /var/lib/vz/private)\" = 700
            test \"\$(cat /proc/sys/net/ipv4/ip_forward)\" = 1; test \"\$(cat /proc/sys/fs/inotify/max_user_instances)\" -ge 1048576
            systemctl is-enabled insula.service; systemctl is-active insula.service; insula check >/dev/null" ;;
    2) in_host "$name" 'insula template create busybox; vzctl create 101 --ostemplate busybox; vzctl set 101 --onboot yes --save
            vzctl start 101; vzlist -H -o status 101 | grep -q running; grep -q insula-containers.service /proc/$(package_init)/cgroup' ;;
    3) in_host "$name" "package_init >/root/init; apt-get install -y --no-install-recommends $(package_file +test1)
            dpkg -s insula | grep -q '^Version: .*+test1\$'; test \"\$(package_init)\" = \"\$(cat /root/init)\"; vzctl exec 101 hostname" ;;
    4) in_host "$name" '! apt-get remove -y insula >/root/out 2>&1; cat /root/out; grep -q "containers are running or mounted: 101" /root/out
            dpkg -s insula | grep -q "^Status: install ok installed"; test "$(package_init)" = "$(cat /root/init)"
            systemctl is-active insula.service; test "$(cat /proc/sys/net/ipv4/ip_forward)" = 1' ;;
    5) in_host "$name" 'systemctl daemon-reexec; systemctl restart insula.service; ! systemctl restart insula-containers.service
            test "$(package_init)" = "$(cat /root/init)"; vzctl exec 101 hostname' ;;
    6) in_host "$name" 'vzctl exec 101 "cat /proc/mounts" >/root/mounts; vzctl exec 101 "grep MemTotal /proc/meminfo" >/root/total
            (vzctl exec 101 "for i in \$(seq 500); do cat /proc/meminfo /proc/uptime >/dev/null || exit 1; done; grep MemTotal /proc/meminfo" >/root/read; echo $? >/root/readers) &
            for i in 1 2 3; do
                before=$(systemctl show -p MainPID --value insulad.service); kill -KILL $(pgrep -x insulad)
                await_daemon "$before"
            done
            wait; test "$(cat /root/readers)" = 0; diff /root/total /root/read
            vzctl exec 101 "cat /proc/mounts" | diff /root/mounts -; test "$(package_init)" = "$(cat /root/init)"' ;;
    7) reboot_host "$name" || return
        in_host "$name" 'await_running; vzlist; test "$(package_init)" -gt 0
            test "$(cat /proc/sys/net/ipv4/ip_forward)" = 1; systemctl is-active insula.service' ;;
    8) in_host "$name" 'journalctl -b -1 -o short-monotonic -u insula-containers.service --no-pager
            journalctl -b -1 -u insula-containers.service --no-pager | grep -qi "Container was stopped"
            journalctl -b -1 -u insula-containers.service --no-pager | grep -q "Deactivated successfully\|Stopped insula-containers"
            ! journalctl -b -1 -u insula-containers.service --no-pager | grep -q "Failed with result"' ;;
    9) in_host "$name" 'vzctl stop 101; apt-get purge -y insula >/root/out 2>&1; cat /root/out
            grep -q "left as it is yours: /var/lib/vz/private" /root/out; test -d /var/lib/vz/private/101; test -f /etc/vz/conf/101.conf
            test ! -e /usr/bin/insula; test ! -e /etc/vz/vz.conf; test "$(cat /proc/sys/net/ipv4/ip_forward)" = 0' ;;
    10) in_host "$name" "apt-get install -y --no-install-recommends $(package_file +test1); await_running; vzctl stop 101; vzctl destroy 101
            insula template remove busybox; apt-get purge -y insula >/root/out 2>&1; cat /root/out
            { $package_snapshot; } >/root/after; diff /root/before /root/after
            test ! -e /run/insula; test ! -e /sys/fs/cgroup/insula.slice; test -z \"\$(systemctl list-units --all --no-legend 'insula*')\"" ;;
    esac
}

package_file() { printf '/payload/insula_%s%s_amd64.deb' "$(product_version)" "$1"; }

# The pid of the container's init as the host sees it; the wait for a container with ONBOOT, which a boot and an installation start; and
# the wait for a daemon after the one whose pid is given.
# shellcheck disable=SC2016 # for the shell of the host
package_functions='package_init() { sed -n 1p /run/insula/101/init | cut -d" " -f1; }
await_running() { for i in $(seq 300); do ! vzlist -H -o status 101 | grep -q running || return 0; sleep 1; done; return 1; }
await_daemon() {
    for i in $(seq 300); do
        if [ "$(systemctl show -p MainPID --value insulad.service)" != "$1" ] && systemctl --quiet is-active insulad.service; then return 0; fi
        sleep 0.2
    done
    return 1
}'

in_host() { in_machine "$1" "export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8; $package_functions; set -ex; $2" </dev/null; }
