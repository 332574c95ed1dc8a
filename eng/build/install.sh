# shellcheck shell=bash
# Installing, with a manifest of what was put where: "kind<TAB>path[<TAB>sha256]" a line, in the order of making.
# Kinds: file, link, dir, conf (a file of the user's from then on; its digest tells whether it was changed).

multi_call_names=(
    vzctl vzlist vzpid vzubc vzquota vzdqcheck vzdqdump vzdqload arpsend ndsend
    vznetcfg vznetaddbr vzifup-post vznetstat vztactl
    vzcalc vzcfgscale vzcfgvalidate vzcpucheck vzmemcheck vzoversell vzsplit
)

manifest_path() { printf '%s' "$destdir$prefix/lib/insula/manifest"; }

command_install() {
    parse_place_options install ' --prefix --destdir ' "$@"
    [ -n "$destdir" ] || need_root install
    [ -n "$destdir" ] || [ "$prefix" != /usr ] || refuse_beside_package
    { [ -x "$out/insula" ] && [ -x "$out/insulad" ]; } || build_native
    install_all
}

# Files under /usr belong to the package that put them there.
refuse_beside_package() {
    ! dpkg-query -S /usr/bin/insula >/dev/null 2>&1 || fail 'install: /usr/bin/insula is of the Debian package insula; remove that first (apt remove insula)'
}

install_all() {
    step "install to $destdir${prefix:-/}"
    manifest_new=()
    make_directory "$prefix/bin" 755
    make_directory "$prefix/sbin" 755
    make_directory "$prefix/lib/insula" 755
    install_program
    install_names
    install_documents
    install_configuration
    if [ -n "$destdir" ] || has_systemd; then install_units; fi
    write_manifest
    if [ -z "$destdir" ] && has_systemd; then systemctl daemon-reload; fi
}

has_systemd() { [ -d /run/systemd/system ]; }

# systemd looks for units below /usr and /usr/local only, wherever the program is.
unit_directory() { if [ "$prefix" = /usr ]; then printf /usr/lib/systemd/system; else printf /usr/local/lib/systemd/system; fi; }

install_units() {
    local source path directory text
    directory=$(unit_directory)
    make_directory "$directory" 755
    for source in "$here"/packaging/systemd/*.in; do
        path=$directory/$(basename -- "${source%.in}")
        text=$(<"$source")
        printf '%s\n' "${text//@PREFIX@/"$prefix"}" >"$destdir$path.insula-new"
        chmod 644 -- "$destdir$path.insula-new"
        mv -fT -- "$destdir$path.insula-new" "$destdir$path"
        record file "$path"
    done
}

record() { manifest_new+=("$(printf '%s\t' "$@")"); }

# Makes a directory and the missing ones above it, each recorded. A directory that was there is not ours to remove.
make_directory() {
    local path=$1 mode=$2
    if [ -d "$destdir$path" ]; then return 0; fi
    if [ "$path" = / ]; then
        install -d -- "$destdir"
        return 0
    fi
    make_directory "$(dirname -- "$path")" 755
    install -d -m "$mode" -- "$destdir$path"
    record dir "$path"
}

# By a temporary name and rename: a command that runs goes on with the old file, and no moment is without one.
place_file() {
    local source=$1 path=$2 mode=$3
    install -m "$mode" -- "$source" "$destdir$path.insula-new"
    mv -fT -- "$destdir$path.insula-new" "$destdir$path"
}

place_link() {
    local target=$1 path=$2
    ln -sfn -- "$target" "$destdir$path.insula-new"
    mv -fT -- "$destdir$path.insula-new" "$destdir$path"
    record link "$path"
}

install_program() {
    place_file "${program:-$out/insula}" "$prefix/bin/insula" 755
    record file "$prefix/bin/insula"
    place_file "${daemon:-$out/insulad}" "$prefix/sbin/insulad" 755
    record file "$prefix/sbin/insulad"
}

# Clients of OpenVZ call /usr/sbin/vzctl by its absolute name, so that name is taken too where it is free.
install_names() {
    local name absolute
    for name in "${multi_call_names[@]}"; do
        place_link ../bin/insula "$prefix/sbin/$name"
        absolute=/usr/sbin/$name
        [ "$prefix" != /usr ] && [ -d "$destdir/usr/sbin" ] || continue
        if is_free_or_ours "$destdir$absolute"; then
            place_link "$prefix/bin/insula" "$absolute"
        else
            warn "$absolute is there already and stays as it is"
        fi
    done
}

is_free_or_ours() {
    if [ -L "$1" ]; then [ "$(readlink -- "$1")" = "$prefix/bin/insula" ]; else [ ! -e "$1" ]; fi
}

install_documents() {
    local page section
    for page in "$here"/docs/man/*.[1-8]; do
        [ -e "$page" ] || continue
        section=${page##*.}
        place_document "$page" "$prefix/share/man/man$section"
    done
    for page in "$here"/packaging/completions/bash/*; do
        [ ! -e "$page" ] || place_document "$page" "$prefix/share/bash-completion/completions"
    done
}

place_document() {
    local source=$1 directory=$2
    make_directory "$directory" 755
    place_file "$source" "$directory/$(basename -- "$source")" 644
    record file "$directory/$(basename -- "$source")"
}

install_configuration() {
    local source path
    while IFS= read -r -d '' source; do
        path=/etc/${source#"$here"/packaging/etc/}
        place_configuration "$source" "$path"
    done < <([ ! -d "$here/packaging/etc" ] || find "$here/packaging/etc" -type f -print0 | sort -z)
}

# Configuration is the user's once it is there, with one exception: a file that still is what an earlier install wrote.
place_configuration() {
    local source=$1 path=$2 mode=644 digest
    [ ! -x "$source" ] || mode=755
    digest=$(digest_of "$source")
    make_directory "$(dirname -- "$path")" 755
    if [ -e "$destdir$path" ] && [ "$(digest_of "$destdir$path")" != "$digest" ] && ! conf_is_unchanged "$path"; then
        say "kept: $path"
        digest=$(recorded_digest "$path")
        [ -n "$digest" ] || return 0
    else
        place_file "$source" "$path" "$mode"
    fi
    record conf "$path" "$digest"
}

digest_of() { sha256sum <"$1" | cut -d' ' -f1; }

recorded_digest() {
    local manifest
    manifest=$(manifest_path)
    [ ! -f "$manifest" ] || awk -F'\t' -v path="$1" '$1 == "conf" && $2 == path { digest = $3 } END { print digest }' "$manifest"
}

conf_is_unchanged() {
    local recorded
    recorded=$(recorded_digest "$1")
    [ -n "$recorded" ] && [ "$recorded" = "$(digest_of "$destdir$1")" ]
}

# Lines of an earlier installation stay, as their files may: each thing has one line, the newest.
write_manifest() {
    local manifest
    manifest=$(manifest_path)
    {
        [ ! -f "$manifest" ] || cat -- "$manifest"
        printf '%s\n' ${manifest_new[@]+"${manifest_new[@]}"}
    } | sed 's/\t*$//' | awk -F'\t' '
        !($2 in line) { order[++count] = $2 }
        { line[$2] = $0 }
        END { for (i = 1; i <= count; i++) print line[order[i]] }' >"$manifest.new"
    mv -f -- "$manifest.new" "$manifest"
}
