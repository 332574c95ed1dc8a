# shellcheck shell=bash
# Counting and telling what the tests have given.

begin_report() {
    rm -rf -- "$out/test"
    mkdir -p -- "$out/test"
    passed=0 failed=0 skipped=0 problems=()
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

# Reads all reports and prints "result<TAB>block<TAB>test<TAB>text" a line. In a report:
# <test ... name="Class.Method" result="Skip" ...><reason><![CDATA[needs root]]></reason></test>, line breaks as the two characters \n.
list_results() {
    awk '
        function plain(text) {
            gsub(/\\?&quot;/, "\"", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&amp;/, "\\&", text)
            return text
        }
        function inside(element,    from, text) {
            if (!(from = index($0, "<" element "><![CDATA["))) return ""
            text = substr($0, from + length(element) + 11)
            text = substr(text, 1, index(text, "]]></" element ">") - 1)
            gsub(/[\n\t]/, " ", text)
            return text
        }
        BEGIN { RS = "<test "; OFS = "\t" }
        FNR == 1 { block = FILENAME; sub(/\/[^\/]*$/, "", block); sub(/.*\//, "", block); next }
        {
            match($0, /(^| )name="[^"]*"/)
            name = substr($0, RSTART, RLENGTH); sub(/^ ?name="/, "", name); sub(/"$/, "", name)
            match($0, / result="[^"]*"/)
            result = substr($0, RSTART + 9, RLENGTH - 10)
            print result, block, plain(name), inside(result == "Skip" ? "reason" : "message")
        }' "$@"
}

# What was skipped wherever it could have run is not proved by this run, and is listed with the reasons. What ran on one of the
# hosts is only counted.
report_skipped() {
    awk -F'\t' '
        $1 == "Skip" {
            if (!($3 in reasons)) order[++count] = $3
            if (!(($3, $4) in hosts)) reasons[$3] = reasons[$3] SUBSEP $4
            hosts[$3, $4] = hosts[$3, $4] (hosts[$3, $4] ? ", " : "") $2
        }
        $1 != "Skip" { ran[$3] = 1 }
        END {
            for (i = 1; i <= count; i++) {
                if (order[i] in ran) { elsewhere++; continue }
                if (!said++) print "Skipped on every host:"
                line = ""
                parts = split(substr(reasons[order[i]], 2), reason, SUBSEP)
                for (j = 1; j <= parts; j++) line = line (j > 1 ? "; " : "") reason[j] " (" hosts[order[i], reason[j]] ")"
                print "  " order[i] ": " line
            }
            if (elsewhere) print "Skipped on some hosts and run on another: " elsewhere
        }'
}

report_tests() {
    local reports=("$out"/test/*/*.xml) line
    say ''
    if [ -e "${reports[0]}" ]; then
        list_results "${reports[@]}" >"$out/test/results"
        report_skipped <"$out/test/results"
        [ "$failed" -eq 0 ] || { say 'Failed:' && awk -F'\t' '$1 == "Fail" { print "  " $3 " (" $2 "): " $4 }' "$out/test/results"; }
    fi
    for line in ${problems[@]+"${problems[@]}"}; do say "  $line"; done
    if [ $((passed + failed + skipped)) -eq 0 ]; then
        say "  no test matches $filter"
        failed=1
    fi
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
