// What the network's programs share: tickers, ports, clocks and checksums.
#include "user/netlib.h"
#include "user/user.h"

// Whether the process that began this one has ended: init has inherited it.
static int orphan(void)
{
    static struct procinfo table[64];
    int count = procinfo(table, 64), self = getpid();

    for (int i = 0; i < count && i < 64; i++)
        if (table[i].pid == self)
            return table[i].ppid == 1;
    return 0;
}

static void tick(const struct ticker *ticker, int every)
{
    // The port it comes from needs no owner: the token tells it apart.
    while (!orphan()) {
        pause(every);
        send(ticker->port, LOOPBACK, ticker->port, (char *)&ticker->token, sizeof ticker->token);
    }
    exit(0);
}

int ticker_start(struct ticker *ticker, uint16 port, int every)
{
    ticker->port = port;
    ticker->token = random64();
    ticker->pid = fork();
    if (ticker->pid == 0)
        tick(ticker, every);
    return ticker->pid < 0 ? -1 : 0;
}

void ticker_stop(struct ticker *ticker)
{
    if (ticker->pid <= 0)
        return;
    kill(ticker->pid);
    // Other children may end first; their parent has then to do without their status, so programs stop tickers before
    // they wait.
    for (int pid = wait(0); pid >= 0 && pid != ticker->pid;)
        pid = wait(0);
    ticker->pid = 0;
}

int ticker_recv(struct ticker *ticker, uint32 *from, uint16 *from_port, void *bytes, uint32 size, int ticks)
{
    uint64 token;
    int start = uptime();

    for (;;) {
        int length = recv(ticker->port, from, from_port, bytes, size);
        if (length < 0)
            return -1;
        if (*from != LOOPBACK || length != sizeof token)
            return length;
        memcpy(&token, bytes, sizeof token);
        if (token != ticker->token)
            return length;
        if (uptime() - start >= ticks)
            return TIMED_OUT;
    }
}

int bind_any(uint16 *port)
{
    // RFC 6335 "Port Number Ranges": 49152 to 65535 are nobody's.
    uint16 first = random64();

    for (int i = 0; i < 16384; i++) {
        uint16 candidate = 49152 | (uint16)(first + i);
        if (bind(candidate) >= 0) {
            *port = candidate;
            return 0;
        }
    }
    return -1;
}

uint64 random64(void)
{
    static uint64 state;

    // splitmix64 over what differs between processes and moments.
    state += read_time() * 0x9e3779b97f4a7c15 + (read_cycles() << 20) + ((uint64)getpid() << 40) + 1;
    uint64 x = state;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

uint64 timebase(void)
{
    struct sysinfo info;

    return sysinfo(&info) >= 0 && info.timebase ? info.timebase : 10000000;
}

uint64 microseconds(uint64 counts)
{
    uint64 base = timebase();

    return counts / base * 1000000 + counts % base * 1000000 / base;
}

uint32 checksum_add(uint32 sum, const uchar *bytes, int length)
{
    // The words of a packet of 64 KiB cannot carry out of 32 bits.
    for (; length > 1; length -= 2, bytes += 2)
        sum += get16(bytes);
    return length > 0 ? sum + (bytes[0] << 8) : sum;
}

uint16 checksum_end(uint32 sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}
