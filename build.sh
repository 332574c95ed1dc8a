#!/usr/bin/env bash
# Everything one does with this repository, from any directory: ./build.sh --help
set -euo pipefail

here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
for part in common packages compile install uninstall deb run test; do
    # shellcheck source=/dev/null
    . "$here/eng/build/$part.sh"
done

usage() {
    cat <<'HELP'
Usage: ./build.sh [COMMAND] [OPTIONS]       (without a command: build)

  build                          everything, Release; the native binary is out/insula
  run       [--prefix DIR]       from nothing to a running container 101: packages, build, install, template,
                                 create, start (root)
  install   [--prefix DIR] [--destdir DIR]
                                 out/insula with its names, default configuration, manual pages (root)
  uninstall [--prefix DIR] [--purge]
                                 takes away what install put there; changed configuration, templates and containers
                                 stay. --purge destroys the containers and leaves no trace at all (root)
  deb       [--version VERSION] [--binary FILE]
                                 out/insula_VERSION_ARCHITECTURE.deb with out/insula, or another program built of this source
  test      [--quick] [FILTER]   all tests; as root the system tests too, which --quick leaves out. FILTER: a part of
                                 Namespace.Class.Method
  bench     [OPTIONS]            Insula beside crun, runc and lxc; bench --help (root)
  fmt       [--check]            formats the source; --check only says what is not formatted

The default prefix is /usr/local. Missing Debian packages are installed when root, and named otherwise.
HELP
}

# A bare ./build.sh builds.
main() {
    local command=${1:-build}
    [ $# -eq 0 ] || shift
    trap 'exit 130' INT
    trap 'exit 143' TERM
    case $command in
    build) command_build "$@" ;;
    run) command_run "$@" ;;
    install) command_install "$@" ;;
    uninstall) command_uninstall "$@" ;;
    deb) command_deb "$@" ;;
    test) command_test "$@" ;;
    bench) command_bench "$@" ;;
    fmt) command_fmt "$@" ;;
    help | --help | -h) usage ;;
    *) fail "unknown command: $command (./build.sh --help lists them)" ;;
    esac
}

main "$@"
