// What the network's programs share beyond user.h: receiving with a limit of time, free ports, numbers read strictly
// and columns.
#ifndef USER_NETLIB_H
#define USER_NETLIB_H

#include "kernel/types.h"

#define LOOPBACK 0x7f000001u // 127.0.0.1: this machine
#define TICKS_PER_SECOND 10  // of pause and uptime

// recv waits for ever. A ticker is a child process that sends a datagram of its own to the port, over the loop-back
// address, every few ticks: recv returns, and ticker_recv looks at the clock. Only whoever has bound the port can use
// it.
struct ticker {
    int pid;
    uint16 port;
    uint64 token; // what its datagrams hold, which nobody outside can know
};

#define TIMED_OUT (-2)

int ticker_start(struct ticker *ticker, uint16 port, int every); // 0, or -1 if there is no process to be had
void ticker_stop(struct ticker *ticker);
// recv on the ticker's port, for at most so many ticks: bytes, -1 on error, TIMED_OUT.
int ticker_recv(struct ticker *ticker, uint32 *from, uint16 *from_port, void *bytes, uint32 size, int ticks);

int bind_any(uint16 *port);   // binds a port of the dynamic range that is free: 0, or -1 if there is none
uint64 random64(void);        // not for secrets that matter: from the clocks and the process's number
uint64 timebase(void);        // counts of read_time per second
uint64 microseconds(uint64 counts);

// Text to numbers. 0, or -1 if the text is anything else than one number from least to most.
int parse_range(const char *digits, uint64 least, uint64 most, uint64 *value);
int parse_port(const char *digits, uint16 *port);
int parse_mac(const char *text, uchar mac[6]);      // 52:54:00:12:34:56
int hex_digit(char c);                              // its value, or -1
char *format_mac(const uchar mac[6], char text[18]);

// The option that follows -LETTER on a command line: its number is put into value. Complains and returns -1 if it is
// none.
int number_option(int argc, char **argv, int *at, uint64 least, uint64 most, uint64 *value);

// A line of a table, on the standard output.
void print_count(const char *label, uint64 value);
void print_field(const char *label, const char *value);

// Big-endian fields of packets, wherever they lie.
static inline uint16 get16(const uchar *at)
{
    return at[0] << 8 | at[1];
}

static inline uint32 get32(const uchar *at)
{
    return (uint32)get16(at) << 16 | get16(at + 2);
}

static inline void put16(uchar *at, uint16 value)
{
    at[0] = value >> 8;
    at[1] = value;
}

static inline void put32(uchar *at, uint32 value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

// RFC 1071: the ones' complement sum of the 16-bit words, added to a sum so far; checksum_end makes it the field's
// value, which is 0 over a packet whose checksum is right.
uint32 checksum_add(uint32 sum, const uchar *bytes, int length);
uint16 checksum_end(uint32 sum);

#endif
