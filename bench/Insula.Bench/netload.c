/* netload serve PORT: answers any number of the others. netload stream ADDRESS PORT MILLISECONDS: how many Mbit a second arrive by one TCP connection.
   netload latency ADDRESS PORT COUNT: the median time in microseconds that a byte takes there and back. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char data[131072];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void without_delay(int s)
{
    int on = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* The first byte says what is wanted: 's' counts all that comes and tells the number at the end, 'e' sends each byte back. */
static void answer(int s)
{
    char kind;
    long long total = 0;
    ssize_t got;
    without_delay(s);
    if (read(s, &kind, 1) != 1)
        _exit(1);
    while ((got = read(s, data, kind == 'e' ? 1 : sizeof data)) > 0) {
        total += got;
        if (kind == 'e' && write(s, data, got) != got)
            _exit(1);
    }
    if (kind == 's' && write(s, &total, sizeof total) != sizeof total)
        _exit(1);
    _exit(0);
}

static void serve(int port)
{
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int on = 1, s = socket(AF_INET6, SOCK_STREAM, 0);
    signal(SIGCHLD, SIG_IGN);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (s < 0 || bind(s, (void *)&any, sizeof any) || listen(s, 16))
        fail("listen");
    for (;;) {
        int c = accept(s, 0, 0);
        if (c >= 0 && fork() == 0)
            answer(c);
        close(c);
    }
}

static int reach(const char *address, int port, char kind)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int is_four = inet_pton(AF_INET, address, &four.sin_addr) == 1, s, i;
    if (!is_four && inet_pton(AF_INET6, address, &six.sin6_addr) != 1)
        exit(2);
    for (i = 0; i < 200; i++) {
        s = socket(is_four ? AF_INET : AF_INET6, SOCK_STREAM, 0);
        if (!connect(s, is_four ? (void *)&four : (void *)&six, is_four ? sizeof four : sizeof six)) {
            without_delay(s);
            if (write(s, &kind, 1) != 1)
                fail("write");
            return s;
        }
        close(s);
        usleep(20000);
    }
    fail("connect");
    return -1;
}

static int stream(const char *address, int port, int milliseconds)
{
    long long total = 0;
    int s = reach(address, port, 's');
    double start = now();
    while (now() - start < milliseconds * 1e3) {
        if (write(s, data, sizeof data) < 0)
            fail("write");
    }
    shutdown(s, SHUT_WR);
    if (read(s, &total, sizeof total) != sizeof total)
        fail("read");
    printf("%.1f\n", total * 8 / (now() - start));
    return 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int latency(const char *address, int port, int count)
{
    double *times = malloc(count * sizeof *times);
    int i, s = reach(address, port, 'e');
    for (i = 0; i < count; i++) {
        double start = now();
        if (write(s, data, 1) != 1 || read(s, data, 1) != 1)
            fail("exchange");
        times[i] = now() - start;
    }
    qsort(times, count, sizeof *times, compare);
    printf("%.2f\n", times[count / 2]);
    return 0;
}

int main(int count, char **words)
{
    signal(SIGPIPE, SIG_IGN);
    if (count == 3 && !strcmp(words[1], "serve"))
        serve(atoi(words[2]));
    if (count == 5 && !strcmp(words[1], "stream"))
        return stream(words[2], atoi(words[3]), atoi(words[4]));
    if (count == 5 && !strcmp(words[1], "latency"))
        return latency(words[2], atoi(words[3]), atoi(words[4]));
    return 2;
}
