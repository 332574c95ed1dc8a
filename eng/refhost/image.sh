# shellcheck shell=bash
# A bootable image from a root archive: the guest's configuration put in, a kernel, a small initial ramdisk and a file system,
# all made without mounting anything.
#
#   disk.img  the root file system, ext4 with user, group and project quota     kernel, initrd  what is booted
#   id        the key that root's ssh accepts                                   info            what it is, for refhost list

image_needs=(
    'mke2fs=e2fsprogs=makes the disks of the reference hosts'
    'cpio=cpio=packs the initial ramdisk of the reference hosts'
    'ssh-keygen=openssh-client=makes the keys of the reference hosts'
    'xz=xz-utils=unpacks kernels and their modules'
    'zstd=zstd=unpacks kernels and their modules'
)

# Debian's units that a machine made for one test run has no use for; each costs time at boot under emulation. The udev coldplug
# is among them: the modules it would load are in guest/etc/modules-load.d.
masked_units=(
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer xfs_scrub_all.timer
    systemd-hwdb-update.service systemd-journal-catalog-update.service ldconfig.service systemd-update-done.service
    systemd-sysusers.service systemd-firstboot.service systemd-machine-id-commit.service systemd-random-seed.service
    systemd-pstore.service systemd-journal-flush.service systemd-binfmt.service proc-sys-fs-binfmt_misc.automount
    sshd-keygen.service getty@tty1.service getty-static.service getty.target serial-getty@ttyS0.service
    systemd-ask-password-wall.path systemd-ask-password-console.path systemd-hibernate-clear.service systemd-initctl.socket
    systemd-tpm2-setup.service systemd-tpm2-setup-early.service systemd-pcrphase.service systemd-pcrphase-sysinit.service
    systemd-pcrmachine.service systemd-pcrextend.socket systemd-pcrlock.socket systemd-creds.socket systemd-sysext.socket
    systemd-remount-fs.service run-lock.mount keyboard-setup.service console-setup.service systemd-udev-trigger.service
    systemd-logind.service systemd-user-sessions.service
)

# Generators of systemd that would find nothing, and one that would offer ssh on every socket there is.
useless_generators=(ssh gpt-auto hibernate-resume veritysetup integritysetup cryptsetup factory-reset tpm2 import)

make_image() {
    local kind=$1 archive=$2 new=$3 root=$3/root
    step "image of $kind"
    need_space 3000 "the image of $kind"
    mkdir -p -- "$root"
    attended tar -xpf "$archive" -C "$root" --numeric-owner --xattrs '--xattrs-include=*'
    configure_guest "$kind" "$new" "$root"
    take_kernel "$root" "$new"
    make_initrd "$root" "$new"
    make_disk "$root" "$new/disk.img"
    printf '%s, kernel %s\n' "$kind" "$(ls -- "$root/usr/lib/modules")" >"$new/info"
    rm -rf -- "$root"
    make_snapshot "$kind" "$new"
    say "$(<"$new/info"): $(du -sm -- "$new" | cut -f1) MB"
}

configure_guest() {
    local kind=$1 new=$2 root=$3 unit name
    cp -R -- "$here/eng/refhost/guest/." "$root/"
    printf '%s\n' "$kind" >"$root/etc/hostname"
    printf '127.0.0.1 localhost %s\n::1 localhost\n' "$kind" >"$root/etc/hosts"
    # With an empty one systemd takes each start from the image for the first boot and sets all units up again.
    printf '0123456789abcdef0123456789abcdef\n' >"$root/etc/machine-id"
    sed -i 's|^root:[^:]*:|root::|' "$root/etc/shadow"
    for unit in "${masked_units[@]}"; do ln -sf /dev/null "$root/etc/systemd/system/$unit"; done
    for name in "${useless_generators[@]}"; do rm -f -- "$root/usr/lib/systemd/system-generators/systemd-$name-generator"; done
    mkdir -p -- "$root/etc/systemd/system/multi-user.target.wants"
    for unit in refhost-network refhost-ready; do ln -sf "../$unit.service" "$root/etc/systemd/system/multi-user.target.wants/"; done
    ln -sf /usr/lib/systemd/system/ssh.service "$root/etc/systemd/system/multi-user.target.wants/"
    # A hundred profiles that only name programs "unconfined" take five seconds to load.
    find "$root/etc/apparmor.d" -maxdepth 1 -type f -delete
    make_keys "$kind" "$new" "$root"
    # What bootstrap.sh left out is not to be left out of what a test installs.
    rm -f -- "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
    rm -rf -- "$root"/var/lib/apt/lists/* "$root"/var/log/*.log "$root"/var/cache/debconf/*-old
}

make_keys() {
    local kind=$1 new=$2 root=$3
    rm -f -- "$root"/etc/ssh/ssh_host_*
    ssh-keygen -q -t ed25519 -N '' -C "$kind" -f "$root/etc/ssh/ssh_host_ed25519_key"
    ssh-keygen -q -t ed25519 -N '' -C refhost -f "$new/id"
    install -d -m 700 -- "$root/root/.ssh"
    install -m 600 -- "$new/id.pub" "$root/root/.ssh/authorized_keys"
}

take_kernel() {
    local root=$1 new=$2
    cp -- "$root"/boot/vmlinuz* "$new/kernel"
    cp -- "$root"/boot/config-* "$new/config" 2>/dev/null || true
    rm -rf -- "${root:?}"/boot/*
    uncompress_kernel "$new/kernel"
}

# A kernel that need not unpack itself boots seconds faster under emulation. The payload is found by the magic number of its
# compression, as the kernel's own scripts/extract-vmlinux does. If there is none, the kernel stays as it is.
uncompress_kernel() {
    local file=$1 magic program offset
    while read -r magic program; do
        while read -r offset; do
            # What follows the payload is an error to the program.
            tail -c +$((offset + 1)) -- "$file" | $program >"$file.plain" 2>/dev/null || true
            if [ "$(head -c 4 -- "$file.plain" | tail -c 3)" = ELF ]; then
                mv -- "$file.plain" "$file"
                return
            fi
        done < <(LC_ALL=C grep -abo -P -- "$magic" "$file" | cut -d: -f1)
    done <<'KNOWN'
\xfd7zXZ\x00 xz -dc --single-stream
\x28\xb5\x2f\xfd zstd -dcq
\x1f\x8b\x08 gzip -dcq
KNOWN
    rm -f -- "$file.plain"
}

# Only what finds the root file system: the drivers for its disk, ext4, and the quota format without which it does not mount.
make_initrd() {
    local root=$1 new=$2 tree=$2/initrd.d version module
    version=$(ls -- "$root/usr/lib/modules")
    mkdir -p -- "$tree"/{bin,dev,proc,sys,new,modules}
    cp -- "$root/usr/bin/busybox" "$tree/bin/busybox"
    cp -- "$here/eng/refhost/guest-init" "$tree/init"
    : >"$tree/modules/order"
    for module in virtio_mmio virtio_pci virtio_blk ext4 quota_v2; do add_module "$root/usr/lib/modules/$version" "$module" "$tree/modules"; done
    mknod -- "$tree/dev/console" c 5 1
    (cd -- "$tree" && find . | cpio -o -H newc --quiet -R 0:0) >"$new/initrd"
    rm -rf -- "$tree"
}

# "kernel/fs/ext4/ext4.ko.xz: kernel/fs/jbd2/jbd2.ko.xz kernel/lib/crc16.ko.xz": what is named later is loaded first. Built-in modules have
# no such line.
add_module() {
    local modules=$1 name=$2 target=$3 line path
    line=$(grep -E "/$name\.ko[.a-z]*:" "$modules/modules.dep") || return 0
    for path in $(tr -d : <<<"$line" | tr ' ' '\n' | tac); do
        name=$(basename -- "$path" | sed 's/\.ko.*/.ko/')
        [ ! -e "$target/$name" ] || continue
        case $path in
        *.xz) xz -dc -- "$modules/$path" ;;
        *.zst) zstd -dcq -- "$modules/$path" ;;
        *) cat -- "$modules/$path" ;;
        esac >"$target/$name"
        printf '%s\n' "$name" >>"$target/order"
    done
}

# The seed feature is one that Debian 12's tools do not know.
make_disk() {
    local root=$1 disk=$2
    truncate -s "$reference_disk" -- "$disk"
    attended mke2fs -q -F -t ext4 -L root -m 0 -N 300000 -O quota,project,^metadata_csum_seed,^orphan_file \
        -E lazy_itable_init=1,lazy_journal_init=1,nodiscard,quotatype=usrquota:grpquota:prjquota -d "$root" "$disk"
}
