#!/usr/bin/env bash
# unpack-kernel.sh ROOT PACKAGE: fetches the kernel that a package depends on and unpacks it into a root file system, without
# the tools for an initial ramdisk that it would bring, and without running its scripts.
set -euo pipefail

root=$1 package=$2

dependencies() { chroot "$root" apt-cache depends "$1" | sed -n 's/^ *Depends: \(linux-\(image\|binary\|modules\)-*[0-9][^ ]*\)$/\1/p'; }

kernel=$(dependencies "$package" | head -n 1)
mkdir -p -- "$root/tmp/kernel/x" "$root/usr/lib/modules" "$root/boot"
# Later kernels are split: the image depends on its binary and its modules.
# shellcheck disable=SC2046 # one word per package
chroot "$root" sh -c 'cd /tmp/kernel && exec apt-get -q -o APT::Sandbox::User=root download "$@"' sh "$kernel" $(dependencies "$kernel")
for file in "$root"/tmp/kernel/*.deb; do dpkg-deb -x "$file" "$root/tmp/kernel/x"; done
for modules in "$root"/tmp/kernel/x/{usr/,}lib/modules; do
    [ ! -d "$modules" ] || cp -a -- "$modules"/* "$root/usr/lib/modules/"
done
find "$root/tmp/kernel/x" \( -name 'vmlinuz*' -o -name 'config-*' \) -type f -exec cp -- {} "$root/boot/" \;
rm -rf -- "$root/tmp/kernel"
chroot "$root" depmod "$(ls -- "$root/usr/lib/modules")"
