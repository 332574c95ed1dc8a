# shellcheck shell=bash
# The system tests in reference hosts. The test program is published with its runtime and compiled ahead, so that a host needs no
# SDK and little time to start it; it is taken in, with the native binary, as a file system that all hosts read.
#
# It runs once for each large namespace of tests, and once for all the small ones: should one hang its host, or end it, only those tests are lost.
# Tests to which all kernels are the same (the trait Kernel=any) run on the last kind alone, which has the fewest others.

guest_project=Insula.System.Tests

# Under emulation a program takes three to ten times as long as outside. Seconds for one namespace.
guest_timeout=${INSULA_GUEST_TEST_TIMEOUT:-2700}

# The test program is compiled ahead, and its run is too short to pay for compiling it better: under emulation that took half the time.
# Its threads do not look for work for a while before they sleep: all emulated processors share one real one, and that took a quarter.
guest_runtime=(-E DOTNET_TieredCompilation=0 -E DOTNET_EnableWriteXorExecute=0 -E DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0)

# Nothing if there can be reference hosts on this machine.
why_no_reference_hosts() {
    if [ "$(uname -m)" != x86_64 ]; then
        printf 'they are x86_64 machines, and this one is %s' "$(uname -m)"
    elif ! command -v apt-get >/dev/null; then
        printf 'they are made from Debian packages, and this machine has no apt'
    fi
}

# begin_reference_hosts KIND..: has the tests run in the background; end_reference_hosts waits for them and counts. What is asked for here may take
# the processors that the hosts leave. A host that cannot be made, or a payload, is a failure of the run, which goes on to tell what it has.
begin_reference_hosts() {
    local kind
    reference_run=''
    prepare_cache
    reap_hosts
    attend prepare_kinds "$@"
    if [ "$attended_status" -ne 0 ]; then
        for kind in "$@"; do problem "$kind" 'could not be prepared; the reason is above'; done
        return 0
    fi
    find_emulator
    step "$guest_project in the reference hosts $* begins"
    set -m
    test_kinds "$@" </dev/null >"$out/test/reference.log" 2>&1 &
    set +m
    reference_run=$!
    at_exit end_reference_run
}

end_reference_run() { end_group "$reference_run"; }

end_reference_hosts() {
    local kind
    [ -n "$reference_run" ] || return 0
    step "$guest_project in the reference hosts $*"
    wait "$reference_run" || true
    reference_run=''
    cat -- "$out/test/reference.log"
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
    local kind processes=() i any_kernel_kind=${!#}
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
    local kind=$1 name=test-$1-$$ block namespaces
    begin_tasks
    guest_blocks >"$out/test/$kind/blocks"
    while read -r -u 3 block namespaces; do
        is_running "$name" || start_test_host "$name" "$kind"
        # shellcheck disable=SC2086 # words
        run_in_guest "$name" "$kind" "$block" $namespaces
    done 3<"$out/test/$kind/blocks"
    forget_machine "$name"
    [ -n "$filter" ] && [[ DebianPackage != *"$filter"* ]] || (test_package "$kind")
}

is_emulated() { [ ! -w /dev/kvm ]; }

# An emulator translates what is executed; programs that are always at the same addresses, a tenth of the time less often.
start_test_host() {
    start_host "$1" "$2" "$out/guest"
    ! is_emulated || in_machine "$1" 'sysctl -qw kernel.randomize_va_space=0' </dev/null
}

# "BLOCK NAMESPACE.." a line, from the program itself: each namespace with at least so many classes is a block.
guest_blocks() {
    local classes=3
    "$out/guest/tests/$guest_project" -noLogo -noColor -list classes | sed -n "s/^\($guest_project\.[A-Za-z0-9_.]*\)\.[^.]*\$/\1/p" | LC_ALL=C sort | uniq -c |
        awk -v classes="$classes" -v rest="$guest_project.others" '$1 >= classes { print $2, $2; next } { small = small " " $2 } END { if (small) print rest small }'
}

# run_in_guest NAME KIND BLOCK NAMESPACE..: runs the tests of a block in a unit of their own, and writes the report and the exit code. A host that did not
# live through it, or that has to be stopped, is ended: the next block gets a new one. The unit's mounts are its own, or systemd would make a unit for each
# and every one that a test makes; more tests run at once than there are processors, as many of them wait.
run_in_guest() {
    local name=$1 kind=$2 block=$3 status=0 ssh command report began=$SECONDS repeat=100 emulated=0 namespace
    shift 3
    ! is_emulated || repeat=20 emulated=1
    report=$out/test/$kind/$block.xml
    ssh_arguments "$name"
    command=(systemd-run --quiet --pipe --wait --collect --service-type=exec -p Delegate=yes -p PrivateMounts=yes -p TasksMax=infinity -p LimitNOFILE=524288
        -p WorkingDirectory=/var/tmp -E INSULA_BINARY=/payload/insula -E TMPDIR=/var/tmp -E CI="${CI:-}" -E INSULA_REPEAT="$repeat" -E INSULA_EMULATED="$emulated" "${guest_runtime[@]}" -E HOME=/root
        "/payload/tests/$guest_project" -noLogo -noColor -maxThreads 1.5x -xml /var/tmp/report.xml)
    for namespace; do command+=(-namespace "$namespace"); done
    [ -z "$filter" ] || command+=(-method "*$filter*")
    [ "$kind" = "$any_kernel_kind" ] || [ -n "$filter" ] || command+=(-trait- Kernel=any)
    timeout --foreground --kill-after=30 "$guest_timeout" "${ssh[@]}" "$(printf '%q ' rm -f /var/tmp/report.xml) && $(printf '%q ' "${command[@]}")" </dev/null || status=$?
    if [ "$status" -eq 124 ]; then
        say "$block did not end within $guest_timeout seconds; its host is replaced"
        show_log "$name"
        forget_machine "$name"
    elif ! in_machine "$name" 'cat /var/tmp/report.xml' >"$report" 2>/dev/null </dev/null; then
        is_running "$name" || say "$block ended its host"
        show_log "$name"
        forget_machine "$name"
    fi
    printf '%s\n' "$status" >"$out/test/$kind/$block.status"
    say "$block: $((SECONDS - began)) s"
}

# What each block gave to the totals. The log has said it in detail.
count_kind() {
    local kind=$1 block before="$passed $failed $skipped" p f s
    [ -s "$out/test/$kind/blocks" ] || problem "$kind" 'ran no test; the reason is above'
    for block in $(cut -d' ' -f1 -- "$out/test/$kind/blocks"); do
        if [ -e "$out/test/$kind/$block.status" ]; then
            count_project "$kind: $block" "$out/test/$kind/$block.xml" "$(<"$out/test/$kind/$block.status")"
        else
            problem "$kind: $block" 'was not run; the reason is above'
        fi
    done
    [ ! -e "$out/test/$kind/package.xml" ] || count_project "$kind: DebianPackage" "$out/test/$kind/package.xml" 0
    [ -n "$filter" ] || [ -e "$out/test/$kind/package.xml" ] || problem "$kind: DebianPackage" 'was not run; the reason is above'
    read -r p f s <<<"$before"
    say "$kind: $((passed - p)) passed, $((failed - f)) failed, $((skipped - s)) skipped"
}
