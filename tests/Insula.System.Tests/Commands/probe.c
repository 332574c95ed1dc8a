#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

/* One resource until the kernel refuses or N are had: prints how many, the errno of the refusal, and waits for a line if asked to. */
static void report(long had, int error)
{
    printf("%ld %s\n", had, error ? strerrorname_np(error) : "0");
    fflush(stdout);
}

/* sysinfo(2) as a 32-bit program makes it: the fields up to mem_unit. */
static int sysinfo_32(unsigned int *fields)
{
#ifdef __x86_64__
    unsigned int *low = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(116L), "b"(low) : "memory", "r8", "r9", "r10", "r11", "cc");
    memcpy(fields, low, 56);
    return (int)result;
#else
    return -ENOSYS;
#endif
}

/* What sysinfo(2) says, in MiB, by both ways: of memory, of swap, of uptime in seconds. */
static int print_sysinfo(int compat)
{
    struct sysinfo info = {0};
    unsigned int f[14] = {0};
    int result = compat ? sysinfo_32(f) : sysinfo(&info) ? -errno : 0;
    if (compat)
        info = (struct sysinfo){.uptime = f[0], .totalram = f[4], .freeram = f[5], .totalswap = f[8], .procs = f[10], .mem_unit = f[13]};
    printf("%d %llu %llu %llu %ld %d\n", result, (unsigned long long)info.totalram * info.mem_unit >> 20, (unsigned long long)info.freeram * info.mem_unit >> 20,
        (unsigned long long)info.totalswap * info.mem_unit >> 20, info.uptime, info.procs);
    return 0;
}

static void answer(int device, unsigned long long unique, int error, const void *data, size_t length)
{
    char reply[4096] = {0};
    struct fuse_out_header header = {.len = sizeof header + length, .error = error, .unique = unique};
    memcpy(reply, &header, sizeof header);
    memcpy(reply + sizeof header, data, length);
    if (write(device, reply, header.len) < 0)
        perror("answer");
}

static struct fuse_attr attributes(unsigned long long inode)
{
    return (struct fuse_attr){.ino = inode, .nlink = 1, .blksize = 4096, .size = 4096, .blocks = 8, .mode = inode == 1 ? S_IFDIR | 0755 : S_IFREG | 0644};
}

/* A file system of one file, whose content nobody ever gets. */
static void *serve_nothing(void *argument)
{
    static char data[1 << 17];
    int device = *(int *)argument;
    for (;;) {
        if (read(device, data, sizeof data) <= 0) {
            if (errno == ENODEV)
                return 0;
            continue;
        }
        struct fuse_in_header *request = (void *)data;
        struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096};
        struct fuse_entry_out entry = {.nodeid = 2, .entry_valid = 1000, .attr_valid = 1000, .attr = attributes(2)};
        struct fuse_attr_out attr = {.attr_valid = 1000, .attr = attributes(request->nodeid)};
        struct fuse_open_out file = {.fh = 1};
        switch (request->opcode) {
        case FUSE_INIT: answer(device, request->unique, 0, &init, sizeof init); break;
        case FUSE_LOOKUP: answer(device, request->unique, 0, &entry, sizeof entry); break;
        case FUSE_GETATTR: answer(device, request->unique, 0, &attr, sizeof attr); break;
        case FUSE_OPEN: answer(device, request->unique, 0, &file, sizeof file); break;
        case FUSE_READ: printf("reading\n"); fflush(stdout); break;
        case FUSE_FORGET: case FUSE_INTERRUPT: case FUSE_BATCH_FORGET: break;
        default: answer(device, request->unique, -ENOSYS, 0, 0);
        }
    }
}

/* Mounts it at a directory, and has a child read: no signal ends that one, and it holds the device open that would have to be closed for it to end. */
static int hold_by_fuse(char *directory)
{
    static int device;
    char options[128], name[256];
    pthread_t server;
    device = open("/dev/fuse", O_RDWR);
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
    if (device < 0 || mount("probe", directory, "fuse", MS_NOSUID | MS_NODEV, options))
        return perror("fuse"), 1;
    pthread_create(&server, 0, serve_nothing, &device);
    snprintf(name, sizeof name, "%s/file", directory);
    if (!fork()) {
        char byte;
        int file = open(name, O_RDONLY);
        _exit(pread(file, &byte, 1, 0) == 1);
    }
    pause();
    return 0;
}

/* Reads files over and over until FILE is there: prints how many reads, how many failed, and the longest in ms. "sysinfo:N" is the call, which is
   to tell of N bytes of memory. */
static int read_until(char *file, int count, char **files)
{
    long reads = 0, errors = 0;
    double longest = 0;
    while (access(file, F_OK)) {
        for (int i = 0; i < count; i++) {
            char data[65536];
            ssize_t got, sum = 0;
            struct timespec a, b;
            clock_gettime(CLOCK_MONOTONIC, &a);
            if (!strncmp(files[i], "sysinfo:", 8)) {
                struct sysinfo info = {0};
                if (sysinfo(&info) || info.totalram != strtoull(files[i] + 8, 0, 10)) {
                    fprintf(stderr, "sysinfo: %s, %lu\n", strerror(errno), info.totalram);
                    errors++;
                }
                goto timed;
            }
            int f = open(files[i], O_RDONLY);
            while (f >= 0 && (got = read(f, data, sizeof data)) > 0)
                sum += got;
            if (f < 0 || got < 0 || !sum) {
                fprintf(stderr, "%s: %s\n", files[i], strerror(errno));
                errors++;
            }
            if (f >= 0 && close(f))
                errors++;
        timed:
            clock_gettime(CLOCK_MONOTONIC, &b);
            double ms = (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6;
            if (ms > longest)
                longest = ms;
            reads++;
        }
        usleep(1000);
    }
    printf("%ld %ld %.0f\n", reads, errors, longest);
    return 0;
}

int main(int argc, char **argv)
{
    if (!strcmp(argv[1], "read"))
        return read_until(argv[2], argc - 3, argv + 3);
    if (!strcmp(argv[1], "fuse"))
        return hold_by_fuse(argv[2]);
    if (!strncmp(argv[1], "sysinfo", 7))
        return print_sysinfo(!strcmp(argv[1], "sysinfo32"));
    long n = argc > 2 ? atol(argv[2]) : 0, had = 0;
    int seconds = argc > 3 ? atoi(argv[3]) : 0;
    int uid = argc > 4 ? atoi(argv[4]) : 0;
    if (uid && setuid(uid))
        return 1;
    errno = 0;
    if (!strcmp(argv[1], "signals")) {
        sigset_t set;
        sigfillset(&set);
        sigprocmask(SIG_BLOCK, &set, 0);
        while (had < n && !sigqueue(getpid(), SIGRTMIN, (union sigval){0}))
            had++;
    } else if (!strcmp(argv[1], "lock")) {
        while (had < n) {
            void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (page == MAP_FAILED || mlock(page, 4096))
                break;
            had++;
        }
    } else if (!strcmp(argv[1], "map")) {
        /* A page at a time, each its own mapping, so that held grows by what was asked for. */
        while (had < n && mmap(0, 4096 * 256, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
            had++;
    } else if (!strcmp(argv[1], "open")) {
        while (had < n && open("/dev/null", O_RDONLY) >= 0)
            had++;
    } else if (!strcmp(argv[1], "pty")) {
        while (had < n && posix_openpt(O_RDWR | O_NOCTTY) >= 0)
            had++;
    } else if (!strcmp(argv[1], "segments")) {
        int id;
        while (had < n && (id = shmget(IPC_PRIVATE, 4096, 0600)) >= 0) {
            shmctl(id, IPC_RMID, 0);
            /* Marked for removal it lives as long as it is attached. */
            had++;
        }
    } else if (!strcmp(argv[1], "segment")) {
        int id = shmget(IPC_PRIVATE, 4096 * n, 0600);
        if (id >= 0) {
            shmctl(id, IPC_RMID, 0);
            had = n;
        }
    } else if (!strcmp(argv[1], "devshm")) {
        static char page[4096];
        int file = open("/dev/shm/probe", O_RDWR | O_CREAT | O_TRUNC, 0600);
        while (had < n && write(file, page, sizeof page) == sizeof page)
            had++;
    } else if (!strcmp(argv[1], "tcp") || !strcmp(argv[1], "udp")) {
        int type = argv[1][0] == 't' ? SOCK_STREAM : SOCK_DGRAM, s;
        while (had < n && (s = socket(AF_INET, type, 0)) >= 0) {
            if (type == SOCK_STREAM)
                listen(s, 1);
            had++;
        }
    } else if (!strcmp(argv[1], "flock")) {
        char name[64];
        while (had < n) {
            snprintf(name, sizeof name, "/tmp/lock%ld", had);
            int f = open(name, O_RDWR | O_CREAT, 0600);
            struct flock l = {.l_type = F_WRLCK};
            if (f < 0 || fcntl(f, F_SETLK, &l))
                break;
            had++;
        }
    } else if (!strcmp(argv[1], "unixqueue")) {
        int pair[2];
        static char data[1024];
        socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
        while (had < n && send(pair[0], data, sizeof data, MSG_DONTWAIT) > 0)
            had++;
    } else if (!strcmp(argv[1], "fork")) {
        pid_t p;
        while (had < n && (p = fork()) >= 0) {
            if (!p) { sleep(seconds); _exit(0); }
            had++;
        }
    }
    report(had, had < n ? errno : 0);
    sleep(seconds);
    return 0;
}
