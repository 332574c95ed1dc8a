/* reader FILE READERS MILLISECONDS: so many processes read the file from its beginning to its end, over and over. Prints the reads a second of all,
   and the median time of one in microseconds. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEPT 20000

struct share {
    long count;
    float times[KEPT];
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void read_until(const char *file, double start, double end, struct share *share)
{
    static char data[65536];
    double before;
    while (now() < start)
        usleep(500);
    while ((before = now()) < end) {
        ssize_t got;
        int f = open(file, O_RDONLY);
        if (f < 0)
            _exit(1);
        while ((got = read(f, data, sizeof data)) > 0)
            ;
        if (got < 0 || close(f))
            _exit(1);
        share->times[share->count++ % KEPT] = now() - before;
    }
    _exit(0);
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    int readers = atoi(argv[2]), status, failed = 0;
    double length = atof(argv[3]) * 1e3, start = now() + 20000;
    struct share *shares = mmap(0, readers * sizeof *shares, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    float *all = malloc(sizeof *all * KEPT * readers);
    long sum = 0, kept = 0;
    for (int i = 0; i < readers; i++)
        if (!fork())
            read_until(argv[1], start, start + length, shares + i);
    while (wait(&status) > 0)
        failed |= status;
    for (int i = 0; i < readers; i++) {
        long mine = shares[i].count < KEPT ? shares[i].count : KEPT;
        memcpy(all + kept, shares[i].times, mine * sizeof *all);
        kept += mine;
        sum += shares[i].count;
    }
    qsort(all, kept, sizeof *all, compare);
    printf("%.0f %.1f\n", sum / (length / 1e6), kept ? all[kept / 2] : 0.0);
    return failed ? 1 : 0;
}
