# shellcheck shell=bash
# Running the tests. Each project is a program that writes a report; the reports are what is counted, not the output.

# A program that hangs is a failure, not a wait without end. Seconds.
test_program_timeout=${INSULA_TEST_TIMEOUT:-900}

command_test() {
    local quick=no filter='' projects
    parse_test_options "$@"
    ! is_root || require_packages "${build_needs[@]}" "${test_needs[@]}"
    build_native
    step 'test projects, Debug'
    run_dotnet build Insula.slnx -c Debug -v quiet -nologo
    choose_projects
    run_projects
    report_tests
}

parse_test_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --quick) quick=yes ;;
        -*) fail "test: unknown option $1 (./build.sh --help)" ;;
        *) filter=$1 ;;
        esac
        shift
    done
}

choose_projects() {
    local directory
    projects=()
    for directory in "$here"/tests/*.Tests; do
        case ${directory##*/}:$quick in
        Insula.System.Tests:yes) say 'The system tests are left out (--quick).' ;;
        Insula.System.Tests:no)
            if is_root; then projects+=("${directory##*/}"); else say 'The system tests are left out: they need root (sudo ./build.sh test).'; fi
            ;;
        *) projects+=("${directory##*/}") ;;
        esac
    done
}

run_projects() {
    local project
    rm -rf -- "$out/test"
    mkdir -p -- "$out/test"
    passed=0 failed=0 skipped=0 problems=()
    for project in "${projects[@]}"; do
        step "$project"
        run_project "$project"
    done
    # Under sudo in a user's clone, the next run of the user must be able to clear this away.
    ! is_root || chown -R --reference="$here" -- "$out/test"
}

run_project() {
    local project=$1 report=$out/test/$1.xml status=0 program arguments=(-noLogo -noColor)
    program=$here/tests/$project/bin/Debug/net10.0/$project.dll
    [ -z "$filter" ] || arguments+=(-method "*$filter*")
    INSULA_BINARY=$out/insula \
        timeout --foreground --kill-after=30 "$test_program_timeout" \
        "$(find_dotnet)" exec "$program" "${arguments[@]}" -xml "$report" </dev/null || status=$?
    count_project "$project" "$report" "$status"
}

# Adds one program's report to the totals. The report has errors (a fixture that cannot be disposed of, say) beside failures.
count_project() {
    local project=$1 report=$2 status=$3 p f s e
    if ! read -r p f s e < <(report_counts "$report"); then
        problem "$project" "crashed: exit code $status and no report"
        return
    fi
    passed=$((passed + p)) failed=$((failed + f + e)) skipped=$((skipped + s))
    say "$project: $p passed, $((f + e)) failed, $s skipped"
    if [ "$status" -ne 0 ] && [ $((f + e)) -eq 0 ]; then
        problem "$project" "ended with exit code $status although no test failed"
    elif [ $((p + f + s + e)) -eq 0 ] && [ -z "$filter" ]; then
        problem "$project" 'ran no test'
    fi
}

problem() {
    failed=$((failed + 1))
    problems+=("$1 $2")
    say "$1 $2"
}

# <assembly ... errors="0" failed="0" ... passed="12" skipped="0" ... total="12">; the attributes come in no fixed order.
report_counts() {
    [ -s "$1" ] || return 1
    awk 'BEGIN { RS = "<" }
        function value(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
        /^assembly / { p += value("passed"); f += value("failed"); s += value("skipped"); e += value("errors"); seen = 1 }
        /^\/assemblies>/ { whole = 1 }
        END { if (seen && whole) print p, f, s, e }' "$1"
}

# <test ... name="Class.Method" result="Skip" ...><reason><![CDATA[needs root]]></reason></test>, line breaks as the two characters \n.
report_tests_with() {
    local result=$1 element=$2
    shift 2
    awk -v result="$result" -v element="$element" '
        function plain(text) {
            gsub(/\\?&quot;/, "\"", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&amp;/, "\\&", text)
            return text
        }
        BEGIN { RS = "<test " }
        FNR > 1 && index($0, " result=\"" result "\"") {
            match($0, /(^| )name="[^"]*"/)
            name = substr($0, RSTART, RLENGTH); sub(/^ ?name="/, "", name); sub(/"$/, "", name)
            text = ""
            if (from = index($0, "<" element "><![CDATA[")) {
                text = substr($0, from + length(element) + 11)
                text = substr(text, 1, index(text, "]]></" element ">") - 1)
                gsub(/\n/, " ", text)
            }
            print "  " plain(name) ": " text
        }' "$@"
}

report_tests() {
    local reports=("$out"/test/*.xml) line
    say ''
    if [ -e "${reports[0]}" ]; then
        [ "$skipped" -eq 0 ] || { say 'Skipped:' && report_tests_with Skip reason "${reports[@]}"; }
        [ "$failed" -eq 0 ] || { say 'Failed:' && report_tests_with Fail message "${reports[@]}"; }
    fi
    for line in ${problems[@]+"${problems[@]}"}; do say "  $line"; done
    if [ $((passed + failed + skipped)) -eq 0 ]; then
        say "  no test matches $filter"
        failed=1
    fi
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
