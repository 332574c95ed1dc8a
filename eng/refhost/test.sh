# shellcheck shell=bash
# The system tests in reference hosts. The test program is published with its runtime and compiled ahead, so that a host needs no
# SDK and little time to start it; it is taken in, with the native binary, as a file system that all hosts read.
#
# It runs once for each namespace of tests: should one hang its host, or end it, only that namespace is lost.

guest_project=Insula.System.Tests

# Under emulation a program takes three to ten times as long as outside. Seconds for one namespace.
guest_timeout=${INSULA_GUEST_TEST_TIMEOUT:-1800}

# The test program is compiled ahead, and its run is too short to pay for compiling it better: under emulation that took half the time.
guest_runtime=(-E DOTNET_TieredCompilation=0 -E DOTNET_EnableWriteXorExecute=0)

# Nothing if there can be reference hosts on this machine.
why_no_reference_hosts() {
    if [ "$(uname -m)" != x86_64 ]; then
        printf 'they are x86_64 machines, and this one is %s' "$(uname -m)"
    elif ! command -v apt-get >/dev/null; then
        printf 'they are made from Debian packages, and this machine has no apt'
    fi
}

# A host that cannot be made, or a payload, is a failure of the run, which goes on to tell what it has.
test_reference_hosts() {
    local kind
    prepare_cache
    reap_hosts
    attend prepare_kinds "$@"
    if [ "$attended_status" -ne 0 ]; then
        for kind in "$@"; do problem "$kind" 'could not be prepared; the reason is above'; done
        return 0
    fi
    find_emulator
    step "$guest_project in the reference hosts $*"
    attended test_kinds "$@"
    for kind in "$@"; do count_kind "$kind"; done
    test_wired_hosts "$1"
}

# Tests that drive hosts from outside: this script starts them for the test program.
test_wired_hosts() {
    local project=Insula.RefHost.Tests
    step "$project, on wired hosts of $1"
    mkdir -p -- "$out/test/wired"
    INSULA_REFHOST_KIND=$1 INSULA_GUEST_PAYLOAD=$out/guest run_project "$project" wired
}

# In a shell of its own.
prepare_kinds() {
    local kind
    begin_tasks
    find_emulator
    for kind in "$@"; do ensure_image "$kind"; done
    prune_cache
    make_guest_payload
}

# out/guest: the native binary, the same installed below root/, and the test program with its runtime.
make_guest_payload() {
    step "$guest_project for the reference hosts"
    run_dotnet publish "tests/$guest_project" -c Release -r "$(runtime_identifier)" --self-contained -p:PublishReadyToRun=true \
        -o "$out/guest/tests" -v quiet -nologo
    cp -f -- "$out/insula" "$out/insulad" "$out/guest/"
    rm -rf -- "$out/guest/root"
    (command_install --prefix /usr --destdir "$out/guest/root") >/dev/null
}

# In a shell of its own: the kinds at the same time, each with a log; each is shown when all that are named before it have been.
test_kinds() {
    local kind processes=() i
    for kind in "$@"; do
        mkdir -p -- "$out/test/$kind"
        test_kind "$kind" >"$out/test/$kind/log" 2>&1 &
        processes+=($!)
    done
    for ((i = 0; i < $#; i++)); do
        wait "${processes[i]}" || say "${*:i+1:1} ended with exit code $?" >>"$out/test/${*:i+1:1}/log"
        step "${*:i+1:1}"
        cat -- "$out/test/${*:i+1:1}/log"
    done
}

test_kind() {
    local kind=$1 name=test-$1-$$ namespace image
    begin_tasks
    guest_namespaces >"$out/test/$kind/namespaces"
    for namespace in $(<"$out/test/$kind/namespaces"); do
        is_running "$name" || start_host "$name" "$kind" "$out/guest"
        run_in_guest "$name" "$kind" "$namespace"
    done
    forget_machine "$name"
    [ -n "$filter" ] && [[ DebianPackage != *"$filter"* ]] || (test_package "$kind")
}

# The namespaces that have tests, from the program itself.
guest_namespaces() {
    "$out/guest/tests/$guest_project" -noLogo -noColor -list classes | sed -n 's/^\(Insula\.[A-Za-z0-9_.]*\)\.[^.]*$/\1/p' | sort -u
}

# Runs the tests of one namespace in a unit of their own, and writes the report and the exit code. A host that did not live through
# it, or that has to be stopped, is ended: the next namespace gets a new one.
run_in_guest() {
    local name=$1 kind=$2 namespace=$3 status=0 ssh command report began=$SECONDS repeat=100 emulated=0
    [ -w /dev/kvm ] || repeat=20 emulated=1
    report=$out/test/$kind/$namespace.xml
    ssh_arguments "$name"
    command=(systemd-run --quiet --pipe --wait --collect --service-type=exec -p Delegate=yes -p TasksMax=infinity -p LimitNOFILE=524288
        -p WorkingDirectory=/var/tmp -E INSULA_BINARY=/payload/insula -E TMPDIR=/var/tmp -E CI="${CI:-}" -E INSULA_REPEAT="$repeat" -E INSULA_EMULATED="$emulated" "${guest_runtime[@]}" -E HOME=/root
        "/payload/tests/$guest_project" -noLogo -noColor -namespace "$namespace" -xml /var/tmp/report.xml)
    [ -z "$filter" ] || command+=(-method "*$filter*")
    timeout --foreground --kill-after=30 "$guest_timeout" "${ssh[@]}" "$(printf '%q ' rm -f /var/tmp/report.xml) && $(printf '%q ' "${command[@]}")" </dev/null || status=$?
    if [ "$status" -eq 124 ]; then
        say "$namespace did not end within $guest_timeout seconds; its host is replaced"
        show_log "$name"
        forget_machine "$name"
    elif ! in_machine "$name" 'cat /var/tmp/report.xml' >"$report" 2>/dev/null </dev/null; then
        is_running "$name" || say "$namespace ended its host"
        show_log "$name"
        forget_machine "$name"
    fi
    printf '%s\n' "$status" >"$out/test/$kind/$namespace.status"
    say "$namespace: $((SECONDS - began)) s"
}

# What each namespace gave to the totals. The log has said it in detail.
count_kind() {
    local kind=$1 namespace before="$passed $failed $skipped" p f s
    [ -s "$out/test/$kind/namespaces" ] || problem "$kind" 'ran no test; the reason is above'
    for namespace in $(cat -- "$out/test/$kind/namespaces"); do
        if [ -e "$out/test/$kind/$namespace.status" ]; then
            count_project "$kind: $namespace" "$out/test/$kind/$namespace.xml" "$(<"$out/test/$kind/$namespace.status")"
        else
            problem "$kind: $namespace" 'was not run; the reason is above'
        fi
    done
    [ ! -e "$out/test/$kind/package.xml" ] || count_project "$kind: DebianPackage" "$out/test/$kind/package.xml" 0
    [ -n "$filter" ] || [ -e "$out/test/$kind/package.xml" ] || problem "$kind: DebianPackage" 'was not run; the reason is above'
    read -r p f s <<<"$before"
    say "$kind: $((passed - p)) passed, $((failed - f)) failed, $((skipped - s)) skipped"
}
