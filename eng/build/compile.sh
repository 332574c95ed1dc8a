# shellcheck shell=bash
# Compiling: dotnet found and called so that nothing stays behind, the native binary, formatting, the benchmark.

# sudo often drops the PATH that led to an SDK in somebody's home.
find_dotnet() {
    local home candidate
    home=$(getent passwd "${SUDO_USER:-$(id -u)}" | cut -d: -f6)
    for candidate in "${DOTNET_ROOT:-/nonexistent}/dotnet" "$(command -v dotnet || true)" /usr/share/dotnet/dotnet \
        /usr/lib/dotnet/dotnet "$home/.dotnet/dotnet"; do
        if [ -x "$candidate" ]; then
            printf '%s' "$candidate"
            return
        fi
    done
    fail 'no .NET SDK found. Install the .NET 10 SDK (https://dot.net/download) or set DOTNET_ROOT'
}

# Runs dotnet in the repository. No build servers, so that nothing runs on after this script ends or is interrupted; and as
# the owner of a user's clone under sudo, so that the user can build again without sudo.
run_dotnet() {
    local dotnet as=()
    dotnet=$(find_dotnet)
    if is_root && [ -n "${SUDO_USER:-}" ] && [ "$(stat -c %U "$here")" = "$SUDO_USER" ] && [ "$SUDO_USER" != root ]; then
        as=(runuser -u "$SUDO_USER" --)
        set -- env HOME="$(getent passwd "$SUDO_USER" | cut -d: -f6)" "$dotnet" "$@"
    else
        [ -n "${HOME:-}" ] || export HOME=/root
        set -- "$dotnet" "$@"
    fi
    (
        cd -- "$here"
        export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false \
            DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
        exec ${as[@]+"${as[@]}"} "$@"
    )
}

runtime_identifier() {
    case $(uname -m) in
    x86_64) printf linux-x64 ;;
    aarch64) printf linux-arm64 ;;
    *) fail "Insula is built for x86_64 and aarch64, not for $(uname -m)" ;;
    esac
}

# The new binaries take their places in one step each: a test or a command may be running the old ones.
build_native() {
    local identifier
    identifier=$(runtime_identifier)
    require_packages "${build_needs[@]}"
    step "native binaries for $identifier"
    publish_native Cli insula
    publish_native Daemon insulad
}

publish_native() {
    local project=$1 name=$2
    run_dotnet publish "src/Insula.$project" -c Release -r "$identifier" -o "$out/publish" -v quiet -nologo
    cp -- "$out/publish/$name" "$out/$name.new"
    mv -f -- "$out/$name.new" "$out/$name"
    say "out/$name: $(stat -c %s "$out/$name" | awk '{ printf "%.1f MB", $1 / 1e6 }')"
}

command_build() {
    [ $# -eq 0 ] || fail "build takes no options: $*"
    require_packages "${build_needs[@]}"
    step 'all projects, Release'
    run_dotnet build Insula.slnx -c Release -v quiet -nologo
    build_native
}

command_fmt() {
    case ${1:-} in
    '') run_dotnet format Insula.slnx ;;
    --check) run_dotnet format Insula.slnx --verify-no-changes && say 'formatted' ;;
    *) fail "fmt: unknown option $1" ;;
    esac
}

command_bench() {
    need_root bench
    require_packages "${build_needs[@]}" "${bench_needs[@]}"
    build_native
    run_dotnet build bench/Insula.Bench -c Release -v quiet -nologo
    INSULA_BINARY=$out/insula run_dotnet exec "$here/bench/Insula.Bench/bin/Release/net10.0/Insula.Bench.dll" "$@"
}
