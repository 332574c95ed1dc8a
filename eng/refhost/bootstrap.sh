# shellcheck shell=bash
# The root file system of a kind as an archive: Debian's packages and its kernel, nothing configured yet. Fetching and unpacking
# them takes minutes, so this is kept apart from the image, which takes seconds.

bootstrap_needs=(
    'mmdebstrap=mmdebstrap=makes the root file systems of the reference hosts'
    '/usr/share/keyrings/debian-archive-keyring.gpg=debian-archive-keyring=verifies Debian packages'
)

# Documentation and hardware that a virtual machine does not have.
bootstrap_excluded=(/usr/share/doc /usr/share/man /usr/share/locale /usr/share/info /usr/lib/udev/hwdb.d /usr/lib/udev/hwdb.bin)

# The mirror that this machine's apt uses, for "main" or "security"; deb.debian.org where it names none.
debian_mirror() {
    local archive=$1
    # shellcheck disable=SC2016 # apt-get expands these
    apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 2>/dev/null | awk -v archive="$archive" '
        $1 !~ /^(bullseye|bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)(-security|-updates|-backports)?(\/updates)?$/ { next }
        ($1 ~ /-security/) == (archive == "security") && !found { found = $2; sub(/\/$/, "", found) }
        END { print found ? found : "http://deb.debian.org/debian" (archive == "security" ? "-security" : "") }'
}

make_root_archive() {
    local kind=$1 new=$2 suite
    suite=$(kind_suite "$kind")
    step "root file system of $kind, from the Debian mirror"
    need_space 1500 "the root file system of $kind"
    retried "fetching the packages of $kind" attended bootstrap_root "$suite" "$new"
}

bootstrap_root() {
    local suite=$1 new=$2 main security excluded=() path
    main=$(debian_mirror main) security=$(debian_mirror security)
    for path in "${bootstrap_excluded[@]}"; do excluded+=(--dpkgopt="path-exclude=$path" --dpkgopt="path-exclude=$path/*"); done
    rm -f -- "$new"
    # Should the machine crash, this is thrown away: nothing need be on the disk before the end (force-unsafe-io).
    # The hook runs in a shell of its own: it gets what it needs by its arguments.
    mmdebstrap --quiet --mode=root --variant=apt --format=tar \
        --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' --aptopt='Acquire::Languages "none"' \
        --dpkgopt=force-unsafe-io "${excluded[@]}" --include="${reference_packages[*]}" \
        --customize-hook="bash '$here/eng/refhost/unpack-kernel.sh' \"\$1\" '$reference_kernel'" \
        "$suite" "$new" \
        "deb $main $suite main" "deb $main $suite-updates main" "deb $security $suite-security main" </dev/null >&2
}
