# shellcheck shell=bash
# What kinds of reference host there are and what each is made of. A kind is a Debian release with its own kernel, booted with
# systemd, pure cgroup v2 and all security modules that Insula can use.

reference_kinds=(debian-13 debian-12)

kind_suite() {
    case $1 in
    debian-13) printf trixie ;;
    debian-12) printf bookworm ;;
    *) fail "refhost: unknown kind $1 (there are: ${reference_kinds[*]})" ;;
    esac
}

# Debian's kernel for virtual machines: the same source and nearly the same configuration as for hardware, with fewer drivers.
reference_kernel=linux-image-cloud-amd64

# What is installed in a reference host beside the essential packages, most of it for tests.
reference_packages=(
    # the system itself and the way in
    systemd-sysv udev dbus kmod procps util-linux-extra openssh-server
    # what Insula uses where it is there
    iproute2 nftables apparmor criu fuse-overlayfs
    # file systems and their quotas
    e2fsprogs xfsprogs btrfs-progs quota attr acl
    # what tests look with, and the small system that runs in test containers
    busybox-static iputils-ping iptables dnsmasq-base tcpdump bpftool strace socat libcap2-bin bzip2 xz-utils zstd python3
)

# Memory, processors and disk of a reference host. MiB, number, bytes as truncate(1) reads them.
reference_memory=2048
reference_cpus=2
reference_disk=6G
reference_scratch=8G
reference_payload=2G

# Security modules in the order of Debian's kernel, and bpf, which Debian builds but does not switch on. No watchdogs: on a loaded
# machine an emulated processor stands still for longer than any of them waits.
reference_kernel_options='console=ttyS0 quiet panic=-1 root=/dev/vda rw net.ifnames=0 mitigations=off random.trust_cpu=on
 lsm=landlock,lockdown,yama,integrity,apparmor,bpf systemd.unified_cgroup_hierarchy=1
 nowatchdog systemd.service_watchdogs=0'

# A digest of texts given as arguments and of files given on standard input, short enough for a directory's name.
digest_of_parts() {
    {
        printf '%s\n' "$@"
        xargs -r -d '\n' sha256sum | cut -d' ' -f1
    } | sha256sum | cut -c1-12
}

# What the packages of a root file system depend on.
root_key() { printf '%s\n' "$here"/eng/refhost/{bootstrap,unpack-kernel}.sh | digest_of_parts "$(kind_suite "$1")" "$reference_kernel" "${reference_packages[@]}"; }

# What an image and its snapshot depend on. A snapshot fits one version of the emulator and one way of running it.
image_key() {
    {
        printf '%s\n' "$here"/eng/refhost/{kinds,image,machine,snapshot}.sh "$here/eng/refhost/guest-init"
        find "$here/eng/refhost/guest" -type f | LC_ALL=C sort
    } | digest_of_parts "$(root_key "$1")" "$emulator_version" "$(accelerator)" "$(processor_model)"
}
