# shellcheck shell=bash
# Debian packages: which are needed for what, and having them installed. A fresh machine has the .NET SDK and nothing else.
#
# A need is "probe=package=why". The probe is a command, a file, or empty when only dpkg can tell.

# The SDK brings its own compiler but leaves the last step, linking, to a C compiler driver: gcc does, clang is not needed, and
# zlib comes with the SDK as a static library. stdio.h stands for the C library's start files that gcc only recommends.
build_needs=(
    'gcc=gcc=links the native binary'
    '/usr/include/stdio.h=libc6-dev=links the native binary'
)

# dpkg-deb, gzip and xz are there on every Debian.
deb_needs=(
    'readelf=binutils=reads which libraries the program needs'
)

run_needs=(
    'mmdebstrap=mmdebstrap=makes Debian templates'
    '/usr/share/keyrings/debian-archive-keyring.gpg=debian-archive-keyring=verifies Debian packages'
    'xz=xz-utils=packs and unpacks .xz templates'
    'zstd=zstd=packs and unpacks .zst templates'
)

test_needs=(
    '=busybox-static=a small system to run in test containers'
    'ip=iproute2=a second opinion on links, addresses and routes'
    'ping=iputils-ping=tests the network'
    'dnsmasq=dnsmasq-base=a DHCP server and router outside'
    'tcpdump=tcpdump=listens in a container'
    '/usr/bin/python3=python3=a program that takes what a test tells it to'
    'mkfs.btrfs=btrfs-progs=makes a file system to test quotas on'
    'mkfs.xfs=xfsprogs=makes a file system to test quotas on'
    'setquota=quota=sets quotas inside a container'
    'mmdebstrap=mmdebstrap=makes Debian templates'
    '/usr/share/keyrings/debian-archive-keyring.gpg=debian-archive-keyring=verifies Debian packages'
    'xz=xz-utils=unpacks .xz templates'
    'bzip2=bzip2=unpacks .bz2 templates'
    'zstd=zstd=unpacks .zst templates'
    'shellcheck=shellcheck=checks the scripts of the Debian package'
    'lintian=lintian=checks the Debian package'
    'man=man-db=with lintian, checks the manual pages'
    'aarch64-linux-gnu-gcc=gcc-aarch64-linux-gnu=checks structures and the walker for arm64'
    '/usr/aarch64-linux-gnu/include/asm/unistd.h=linux-libc-dev-arm64-cross=checks the system call numbers of arm64'
    '/usr/aarch64-linux-gnu/include/stdio.h=libc6-dev-arm64-cross=checks structures for arm64'
    'qemu-aarch64-static=qemu-user-static=runs the walker for arm64'
    '/usr/arm-linux-gnueabihf/include/asm/unistd.h=linux-libc-dev-armhf-cross=checks the system call numbers of 32-bit ARM'
)

bench_needs=(
    '=busybox-static=the system that is started'
    'crun=crun=a peer'
    'runc=runc=a peer'
    'lxc-start=lxc=a peer'
    'lxcfs=lxcfs=a peer of the virtual files'
    'newuidmap=uidmap=maps ids for lxc'
    'ip=iproute2=makes a bridge for lxc'
)

package_present() {
    local probe=$1 package=$2
    case $probe in
    '') [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ;;
    /*) [ -e "$probe" ] ;;
    *) command -v "$probe" >/dev/null 2>&1 || [ -x "/usr/sbin/$probe" ] ;;
    esac
}

# Installs what is missing of the needs when root, otherwise says what to install.
require_packages() {
    local need probe package rest missing=()
    for need in "$@"; do
        probe=${need%%=*} rest=${need#*=}
        package=${rest%%=*}
        package_present "$probe" "$package" && continue
        missing+=("$package")
        ! is_root || say "installing $package: ${rest#*=}"
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    is_root || fail "missing: ${missing[*]}. Install with: sudo apt-get install ${missing[*]}"
    command -v apt-get >/dev/null || fail "missing: ${missing[*]}. This is not Debian; install what corresponds and try again"
    apt_install "${missing[@]}"
}

# The package lists are fetched only when they do not know a package, or name a version that the mirror no longer has.
apt_install() {
    local log
    log=$(mktemp)
    if ! apt_lists_know "$@" || ! apt_get "$log" install "$@"; then
        say 'updating the package lists'
        apt_get "$log" update || apt_failed "$log" 'apt-get update failed'
        apt_get "$log" install "$@" || apt_failed "$log" "could not install $*"
    fi
    rm -f "$log"
}

apt_lists_know() { apt-cache show --no-all-versions -- "$@" >/dev/null 2>&1; }

apt_get() {
    local log=$1 verb=$2
    shift 2
    DEBIAN_FRONTEND=noninteractive apt-get "$verb" -y -q --no-install-recommends "$@" >"$log" 2>&1 </dev/null
}

apt_failed() {
    cat -- "$1" >&2
    rm -f -- "$1"
    fail "$2; what apt-get said is above"
}
