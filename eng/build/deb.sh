# shellcheck shell=bash
# The Debian package. dpkg-deb, which every Debian has, packs a tree that install.sh's functions fill; no other packaging tool is
# needed. The same commit and program give the same bytes: every time in it is that of the last commit.

# The shared libraries that a program of ours may need, with the package of each. It is linked statically and needs none; one that
# somebody links otherwise says so in its header. Nothing is loaded at run time.
declare -A library_packages=([libc.so.6]=libc6 [libm.so.6]=libc6 [libdl.so.2]=libc6 [libpthread.so.0]=libc6 [ld-linux-x86-64.so.2]=libc6
    [ld-linux-aarch64.so.1]=libc6)

command_deb() {
    local program='' daemon='' version='' architecture dependencies stage package_directory=$out
    parse_deb_options "$@"
    require_packages "${deb_needs[@]}"
    [ -n "$program" ] || { { [ -x "$out/insula" ] && [ -x "$out/insulad" ]; } || build_native; program=$out/insula; }
    # The daemon that was built with the program, and lies beside it.
    daemon=$(dirname -- "$program")/insulad
    [ -f "$daemon" ] || daemon=$out/insulad
    [ -f "$daemon" ] || fail "there is no $daemon to go with $program"
    [ -n "$version" ] || version=$(product_version)
    # By themselves, so that a failure ends the script.
    architecture=$(debian_architecture "$program")
    dependencies=$(library_dependencies "$program")
    step "package insula $version for $architecture"
    SOURCE_DATE_EPOCH=$(source_date)
    export SOURCE_DATE_EPOCH
    # Modes are the package's own, whoever packs it.
    umask 022
    stage=$(mktemp -d)
    at_exit rm -rf -- "$stage"
    fill_stage "$stage"
    write_control "$stage"
    pack_stage "$stage"
}

parse_deb_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --version | --binary | --output) [ $# -ge 2 ] || fail "deb: $1 needs a value" ;;
        *) fail "deb: unknown option $1 (./build.sh --help)" ;;
        esac
        case $1 in
        --version)
            [[ $2 =~ ^[0-9][A-Za-z0-9.+~]*$ ]] || fail "deb: $2 is no version: a digit first, then letters, digits, . + ~"
            version=$2
            ;;
        --binary)
            [ -f "$2" ] || fail "deb: there is no file $2"
            program=$2
            ;;
        --output)
            [ -d "$2" ] || fail "deb: there is no directory $2"
            package_directory=$2
            ;;
        esac
        shift 2
    done
}

product_version() { sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' "$here/Directory.Build.props"; }

# The time of the last commit, in seconds since 1970. As root in somebody else's clone git wants to be told that it may look.
source_date() {
    if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
        printf '%s' "$SOURCE_DATE_EPOCH"
    elif ! git -c safe.directory="$here" -C "$here" log -1 --format=%ct 2>/dev/null; then
        warn 'this is no git checkout: times in the package are those of CHANGELOG.md (set SOURCE_DATE_EPOCH for others)'
        stat -c %Y "$here/CHANGELOG.md"
    fi
}

# e_machine of the ELF header, after elf(5): two bytes at 18. Whatever machine this is, it is the program that decides.
debian_architecture() {
    local program=$1 machine
    [ "$(head -c 4 -- "$program" | od -An -tx1 | tr -d ' ')" = 7f454c46 ] || fail "$program is no ELF program"
    machine=$(od -An -tu1 -j18 -N2 -- "$program" | awk '{ print $1 + 256 * $2 }')
    case $machine in
    62) printf amd64 ;;
    183) printf arm64 ;;
    *) fail "$program is for a machine that Insula is not built for (ELF machine $machine)" ;;
    esac
}

fill_stage() {
    local destdir=$1 prefix=/usr manifest_new=()
    chmod 755 -- "$destdir"
    make_directory /usr/bin 755
    make_directory /usr/sbin 755
    install_program
    install_names
    install_documents
    install_configuration
    stage_host_files
    stage_directories
    stage_debian_documents
    find "$destdir/usr/share/man" -type f -exec gzip -9n -- {} +
}

stage_host_files() {
    place_document "$here/packaging/sysctl.d/50-insula.conf" /usr/lib/sysctl.d
    place_document "$here/packaging/tmpfiles.d/insula.conf" /usr/lib/tmpfiles.d
    local unit
    for unit in "$here"/packaging/systemd/*; do
        [ -e "$unit" ] || continue
        place_document "$unit" /usr/lib/systemd/system
        unit=$destdir/usr/lib/systemd/system/${unit##*/}
        case $unit in *.in) sed 's|@PREFIX@|/usr|g' "$unit" >"${unit%.in}" && rm -f -- "$unit" ;; esac
    done
}

# dpkg makes them and, when they are empty, takes them away: those of tmpfiles.d but for /run, and names/ beside conf/.
stage_directories() {
    local kind path mode rest
    while read -r kind path mode rest; do
        case $kind:$path in d:/var/*) make_directory "$path" "${mode#:}" ;; esac
    done <"$here/packaging/tmpfiles.d/insula.conf"
    make_directory /etc/vz/names 755
}

stage_debian_documents() {
    local documents=$destdir/usr/share/doc/insula
    make_directory /usr/share/doc/insula 755
    install -m 644 -- "$here/packaging/debian/copyright" "$here/packaging/debian/README.Debian" "$documents"
    gzip -9nc -- "$here/CHANGELOG.md" >"$documents/changelog.gz"
    printf 'insula (%s) unstable; urgency=medium\n\n  * See changelog.gz for what has changed.\n\n -- %s  %s\n' "$version" \
        "$(sed -n 's/^Maintainer: //p' "$here/packaging/debian/control.in")" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")" |
        gzip -9n >"$documents/changelog.Debian.gz"
    make_directory /usr/share/lintian/overrides 755
    install -m 644 -- "$here/packaging/debian/lintian-overrides" "$destdir/usr/share/lintian/overrides/insula"
}

write_control() {
    local stage=$1 script units enabled size
    install -d -m 755 -- "$stage/DEBIAN"
    (cd -- "$stage" && find etc -type f -printf '/%p\n' | LC_ALL=C sort) >"$stage/DEBIAN/conffiles"
    (cd -- "$stage" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
    units=$(staged_units) enabled=$(enabled_units) size=$(installed_size)
    for script in postinst prerm postrm; do
        sed "s|@UNITS@|$enabled|; s|@LOADED_UNITS@|$units|" "$here/packaging/debian/$script" >"$stage/DEBIAN/$script"
        chmod 755 -- "$stage/DEBIAN/$script"
    done
    sed "s|@VERSION@|$version|; s|@ARCHITECTURE@|$architecture|; s|@SIZE@|$size|; s/@LIBRARIES@/$dependencies/; /^Depends: *\$/d" \
        "$here/packaging/debian/control.in" >"$stage/DEBIAN/control"
    chmod 644 -- "$stage"/DEBIAN/{conffiles,md5sums,control}
}

staged_units() {
    [ ! -d "$stage/usr/lib/systemd/system" ] || find "$stage/usr/lib/systemd/system" -type f -printf '%f\n' | LC_ALL=C sort -r | xargs
}

# Those that say when they are to be started.
enabled_units() {
    local unit
    for unit in $(staged_units); do
        ! grep -q '^\[Install\]' "$stage/usr/lib/systemd/system/$unit" || printf '%s\n' "$unit"
    done | xargs
}

# As dpkg-gencontrol(1) does it: files in whole KiB, everything else one, independent of the file system.
installed_size() {
    find "$stage" -mindepth 1 -path "$stage/DEBIAN" -prune -o -type f -printf '%s\n' -o -printf '1\n' |
        awk '{ size += int(($1 + 1023) / 1024) } END { print size }'
}

# "libc6 (>= 2.34)", or nothing: the libraries that the program names, and the newest version of the C library's symbols that it uses.
# readelf comes with the compiler and reads programs of all machines.
library_dependencies() {
    local program=$1 needed library newest
    needed=$(LC_ALL=C readelf -dW -- "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    for library in $needed; do
        [ -n "${library_packages[$library]:-}" ] || fail "$program needs $library, and deb.sh does not know its package"
    done
    [ -n "$needed" ] || return 0
    newest=$(LC_ALL=C readelf -VW -- "$program" | grep -o 'Name: GLIBC_[0-9.]*' | sed 's/.*_//' | sort -uV | tail -n 1) || true
    [ -n "$newest" ] || fail "$program names no version of the C library"
    printf 'libc6 (>= %s)' "$newest"
}

# One thread, as the compressor's blocks depend on their number.
pack_stage() {
    local stage=$1 package=$package_directory/insula_${version}_$architecture.deb
    find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" -- {} +
    dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$stage" "$package.new" >/dev/null
    mv -f -- "$package.new" "$package"
    ! is_root || chown --reference="$here" -- "$package"
    say "${package#"$here"/}: $(stat -c %s "$package" | awk '{ printf "%.1f MB", $1 / 1e6 }')"
}
