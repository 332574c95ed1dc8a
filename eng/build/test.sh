# shellcheck shell=bash
# Running the tests. Each project is a program that writes a report; the reports are what is counted, not the output. Reports
# are in out/test/BLOCK, where a block is a host that tests have run on: here, or a kind of reference host.

# A program that hangs is a failure, not a wait without end. Seconds.
test_program_timeout=${INSULA_TEST_TIMEOUT:-900}

command_test() {
    local quick=no filter='' hosts='' projects kinds=()
    parse_test_options "$@"
    ! is_root || require_packages "${build_needs[@]}" "${test_needs[@]}"
    build_native
    step 'test projects, Debug'
    case $hosts in
    '' | here) run_dotnet build Insula.slnx -c Debug -v quiet -nologo ;;
    *) run_dotnet build tests/Insula.RefHost.Tests -c Debug -v quiet -nologo ;;
    esac
    begin_report
    [ ${#kinds[@]} -eq 0 ] || begin_reference_hosts "${kinds[@]}"
    case $hosts in '' | here) test_here ;; esac
    [ ${#kinds[@]} -eq 0 ] || end_reference_hosts "${kinds[@]}"
    # Under sudo in a user's clone, the next run of the user must be able to clear this away.
    ! is_root || chown -R --reference="$here" -- "$out/test"
    report_tests
}

parse_test_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --quick) quick=yes ;;
        --host | --host=*)
            [ "$1" != --host ] || shift
            [ $# -gt 0 ] || fail 'test: --host needs here, ref or a kind of reference host'
            hosts=${1#--host=}
            ;;
        -*) fail "test: unknown option $1 (./build.sh --help)" ;;
        *) filter=$1 ;;
        esac
        shift
    done
    choose_kinds
}

# Sets the kinds of reference host that are tested on. Asked for by name they must be possible; otherwise it is said why not, and
# where a change is judged (CI=true) that is a failure.
choose_kinds() {
    local reason=''
    case $quick:$hosts in
    yes:ref | yes:debian-*) fail "test: --quick leaves the reference hosts out, and --host $hosts asks for them" ;;
    yes:* | no:here) return 0 ;;
    no: | no:ref) kinds=("${reference_kinds[@]}") ;;
    no:*) kind_suite "$hosts" >/dev/null && kinds=("$hosts") ;;
    esac
    is_root || reason='they need root (sudo ./build.sh test)'
    [ -n "$reason" ] || reason=$(why_no_reference_hosts)
    [ -n "$reason" ] || return 0
    [ -z "$hosts" ] || fail "test: no reference hosts: $reason"
    [ "${CI:-}" != true ] || fail "test: no reference hosts, which CI must have: $reason"
    say "The reference hosts are left out: $reason."
    kinds=()
}

test_here() {
    choose_projects
    mkdir -p -- "$out/test/here"
    local project
    for project in "${projects[@]}"; do
        step "$project"
        run_project "$project"
    done
}

# What drives reference hosts from outside is tested with them.
choose_projects() {
    local directory
    projects=()
    for directory in "$here"/tests/*.Tests; do
        case ${directory##*/}:$quick in
        Insula.RefHost.Tests:*) ;;
        Insula.System.Tests:yes) say 'The system tests are left out (--quick).' ;;
        Insula.System.Tests:no)
            if is_root; then projects+=("${directory##*/}"); else say 'The system tests are left out: they need root (sudo ./build.sh test).'; fi
            ;;
        *) projects+=("${directory##*/}") ;;
        esac
    done
}

# run_project PROJECT [BLOCK]
run_project() {
    local project=$1 block=${2:-here} report status=0 program arguments=(-noLogo -noColor)
    report=$out/test/$block/$project.xml
    program=$here/tests/$project/bin/Debug/net10.0/$project.dll
    [ -z "$filter" ] || arguments+=(-method "*$filter*")
    INSULA_BINARY=$out/insula INSULA_BUILD=$here/build.sh INSULA_REFHOST_OWNER=$$ \
        attended timeout --foreground --kill-after=30 "$test_program_timeout" \
        "$(find_dotnet)" exec "$program" "${arguments[@]}" -xml "$report" </dev/null || status=$?
    count_project "$project" "$report" "$status"
}
