#!/usr/bin/env bash
# Everything one does with this repository, from any directory: ./build.sh --help
set -euo pipefail

here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
for part in build/{common,packages,compile,install,uninstall,deb,run,report,test} \
    refhost/{kinds,cache,emulator,bootstrap,image,machine,snapshot,hosts,test,package-test,command}; do
    # shellcheck source=/dev/null
    . "$here/eng/$part.sh"
done

usage() {
    cat <<'HELP'
Usage: ./build.sh [COMMAND] [OPTIONS]       (without a command: build)

  build                          everything, Release; the native binaries are out/insula and out/insulad
  run       [--prefix DIR]       from nothing to a running container 101: packages, build, install, template,
                                 create, start (root)
  install   [--prefix DIR] [--destdir DIR]
                                 out/insula with its names, out/insulad, default configuration, manual pages (root)
  uninstall [--prefix DIR] [--purge]
                                 takes away what install put there; changed configuration, templates and containers
                                 stay. --purge destroys the containers and leaves no trace at all (root)
  deb       [--version VERSION] [--binary FILE] [--output DIR]
                                 a Debian package, out/insula_VERSION_ARCHITECTURE.deb, with out/insula or another program, and the insulad beside it
  test      [--quick] [--host HOST] [FILTER]
                                 all tests; as root the system tests too, here and in reference hosts, which --quick leaves
                                 out. HOST: here, ref (all reference hosts), debian-13 or debian-12. FILTER: a part of
                                 Namespace.Class.Method
  refhost   COMMAND              reference hosts, virtual machines with a stock Debian kernel; refhost help (root)
  bench     [OPTIONS]            Insula beside crun, runc and lxc; bench --help (root)
  fmt       [--check]            formats the source; --check only says what is not formatted

The default prefix is /usr/local. Missing Debian packages are installed when root, and named otherwise.
HELP
}

# A bare ./build.sh builds.
main() {
    local command=${1:-build}
    [ $# -eq 0 ] || shift
    begin_tasks
    case $command in
    build) command_build "$@" ;;
    run) command_run "$@" ;;
    install) command_install "$@" ;;
    uninstall) command_uninstall "$@" ;;
    deb) command_deb "$@" ;;
    test) command_test "$@" ;;
    refhost) command_refhost "$@" ;;
    bench) command_bench "$@" ;;
    fmt) command_fmt "$@" ;;
    help | --help | -h) usage ;;
    *) fail "unknown command: $command (./build.sh --help lists them)" ;;
    esac
}

# On one line, so that bash has read all of this file before it may change.
main "$@"; exit
