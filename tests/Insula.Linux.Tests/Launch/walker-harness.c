// Runs the walker's machine code, given as a raw file, through every mode of its contract. The walker's clone3 is replaced by "the
// result is 0", so the code goes on as the child; the harness forks around it. This works under qemu's user emulation too, which has
// no clone3. Prints the first thing that is wrong and exits with 1.
#define _GNU_SOURCE
#include <asm/unistd.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct call { long number, arguments[6], mode; long **store; };
typedef long walker(void *clone, long size, struct call *calls, long count, long errors);
enum { REQUIRED, OPTIONAL, NON_ZERO, FORK };

static unsigned char code[4096];
static size_t code_size;
static int failures;

static walker *map(int as_child) {
    unsigned char *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(page, code, code_size);
    if (as_child) {
#ifdef __x86_64__
        unsigned char *at = memmem(page, code_size, "\x0f\x05", 2);      // syscall
        memcpy(at, "\x31\xc0", 2);                                        // xor eax, eax
#else
        unsigned char *at = memmem(page, code_size, "\x01\x00\x00\xd4", 4); // svc #0
        memcpy(at, "\x00\x00\x80\xd2", 4);                                // mov x0, #0
#endif
    }
    mprotect(page, 4096, PROT_READ | PROT_EXEC);
    __builtin___clear_cache((char *)page, (char *)page + 4096);
    return (walker *)page;
}

static void check(int good, const char *what) {
    if (!good) {
        printf("wrong: %s\n", what);
        failures++;
    }
}

static struct { int exit_code; long got; long report[2]; } outcome;

// Walks the calls in a process of its own; its descriptor for errors is 200.
static void walk(struct call *calls, long count) {
    int errors[2], status;
    fflush(stdout);
    if (pipe(errors)) exit(2);
    pid_t child = fork();
    if (child == 0) {
        dup2(errors[1], 200);
        close(errors[0]);
        close(errors[1]);
        map(1)(0, 0, calls, count, 200);
        _exit(99);
    }
    close(errors[1]);
    waitpid(child, &status, 0);
    outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    memset(outcome.report, 0, sizeof outcome.report);
    outcome.got = read(errors[0], outcome.report, sizeof outcome.report);
    close(errors[0]);
}

#define CALL(m, n, ...) { .number = (n), .arguments = { __VA_ARGS__ }, .mode = (m) }
#define WALK(calls) walk(calls, sizeof(calls) / sizeof((calls)[0]))

static void the_end_of_the_list(void) {
    struct call calls[] = { CALL(REQUIRED, __NR_getpid, 0) };
    WALK(calls);
    check(outcome.exit_code == 127 && outcome.got == 0, "the end of the list exits with 127 and reports nothing");
    walk(calls, 0);
    check(outcome.exit_code == 127 && outcome.got == 0, "an empty list does the same");
}

static void errors(void) {
    struct call calls[] = { CALL(REQUIRED, __NR_getpid, 0), CALL(OPTIONAL, __NR_close, 777), CALL(REQUIRED, __NR_close, 777), CALL(REQUIRED, __NR_exit_group, 3) };
    WALK(calls);
    check(outcome.exit_code == 127, "a required step that fails ends the child with 127");
    check(outcome.got == 16 && outcome.report[0] == 2 && outcome.report[1] == -9, "it is reported by index and errno");
    calls[2].mode = OPTIONAL;
    WALK(calls);
    check(outcome.exit_code == 3 && outcome.got == 0, "an optional step may fail");
    calls[2] = (struct call)CALL(REQUIRED, -1, 0);
    WALK(calls);
    check(outcome.got == 16 && outcome.report[0] == 2 && outcome.report[1] == -38, "a call that does not exist is reported");
}

static void zero(void) {
    int fds[2];
    char byte;
    if (pipe(fds) || write(fds[1], "x", 1) != 1) exit(2);
    close(fds[1]);
    struct call calls[] = { CALL(NON_ZERO, __NR_read, fds[0], (long)&byte, 1), CALL(NON_ZERO, __NR_read, fds[0], (long)&byte, 1), CALL(REQUIRED, __NR_exit_group, 3) };
    WALK(calls);
    check(outcome.exit_code == 127 && outcome.got == 16 && outcome.report[0] == 1 && outcome.report[1] == 0, "zero where something must come ends the child");
    calls[0].mode = calls[1].mode = REQUIRED;
    WALK(calls);
    check(outcome.exit_code == 3, "zero is a good result elsewhere");
    calls[0].mode = calls[1].mode = OPTIONAL;
    WALK(calls);
    check(outcome.exit_code == 3, "zero is a good result of an optional step");
}

static void results(void) {
    int fds[2];
    char text[8] = "";
    long kept = 0;
    if (pipe(fds)) exit(2);
    struct call calls[] = {
        CALL(REQUIRED, __NR_fcntl, fds[1], F_DUPFD, 50),
        CALL(REQUIRED, __NR_write, 0, (long)"ab", 2),
        CALL(REQUIRED, __NR_write, 0, (long)"cd", 2),
        CALL(REQUIRED, __NR_mmap, 0, 4096, PROT_READ, MAP_PRIVATE, 0, 4096),
        CALL(REQUIRED, __NR_write, fds[1], 0, 3),
        CALL(REQUIRED, __NR_exit_group, 4),
    };
    int file = memfd_create("x", 0);
    if (pwrite(file, "456", 3, 4096) != 3) exit(2);
    calls[3].arguments[4] = file;
    long *descriptor[] = { &calls[1].arguments[0], &calls[2].arguments[0], &kept, 0 };
    long *address[] = { &calls[4].arguments[1], 0 };
    calls[0].store = descriptor;
    calls[3].store = address;
    WALK(calls);
    check(outcome.exit_code == 4 && outcome.got == 0, "a result goes to every place that wants it");
    check(read(fds[0], text, 7) == 7 && !memcmp(text, "abcd456", 7), "arguments arrive in order, all six of them");
}

static void second_clone(void) {
    int fds[2];
    long place = 55, seen[2] = { 0, 0 };
    if (pipe(fds)) exit(2);
    struct call calls[] = { CALL(FORK, __NR_clone, 17, 0, 0, 0, 0), CALL(REQUIRED, __NR_write, fds[1], (long)&place, 8), CALL(REQUIRED, __NR_exit_group, 5) };
    long *store[] = { &place, 0 };
    calls[0].store = store;
    WALK(calls);
    close(fds[1]);
    check(outcome.exit_code == 0 && outcome.got == 0, "the process that cloned ends quietly");
    check(read(fds[0], seen, 16) == 8, "its child walks on");
    check(seen[0] == 55, "the child does not store its zero: where memory is shared, its pid is there");
    struct call refused[] = { CALL(FORK, __NR_close, 777), CALL(REQUIRED, __NR_exit_group, 5) };
    WALK(refused);
    check(outcome.exit_code == 127 && outcome.report[1] == -9, "a clone that fails is reported");
}

// Not patched: a clone3 that fails comes back to the caller, whose registers are as before.
static void refused_clone(void) {
    register long a = getpid(), b = a + 1, c = a + 2, d = a + 3, e = a + 4;
    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e));
    long result = map(0)(0, 0, 0, 0, -1);
    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e));
    check(result == -22 || result == -38, "the error of clone3 comes back");
    check(b == a + 1 && c == a + 2 && d == a + 3 && e == a + 4, "the caller's registers are kept");
}

int main(int argc, char **argv) {
    int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    code_size = file < 0 ? 0 : read(file, code, sizeof code);
    if (code_size < 16 || code_size > 4000) return 2;
    the_end_of_the_list();
    errors();
    zero();
    results();
    second_clone();
    refused_clone();
    if (!failures) printf("all good\n");
    return failures != 0;
}
