// The parts of nettest. A test is a function that runs in a process of its own and returns if all is well.
#ifndef USER_NET_NETTEST_H
#define USER_NET_NETTEST_H

#include "user/netlib.h"
#include "user/user.h"

enum group {
    GROUP_LOOP = 1,  // needs no network: over the loop-back address
    GROUP_PEER = 2,  // needs a host that echoes datagrams on a port
    GROUP_GRADE = 4, // what the courses' graders ask for
    GROUP_HOST = 8,  // needs a script on the host that sends first: only by name
};

struct test {
    const char *name;
    void (*run)(void);
    int groups;
    int seconds; // it may take
};

extern const struct test argument_tests[], loop_tests[], connection_tests[], name_tests[], peer_tests[], host_tests[];

// What the command line says.
extern struct options {
    uint32 host;      // the peer
    uint16 port;      // where it echoes
    uint64 count;     // for the tests that take one; 0: each its own
    uint32 dns;       // a name server, and what it is asked for
    const char *name;
    uint32 address;
} options;

// Ends the test: the reason goes to the process that runs the tests, which prints it. Of several only the first.
extern int reason;
#define FAIL(...) (fprintf(reason, __VA_ARGS__), give_up())
#define CHECK(condition, ...) ((condition) ? (void)0 : FAIL(__VA_ARGS__))
void give_up(void) __attribute__((noreturn));
#define NOTE(...) fprintf(reason, __VA_ARGS__) // at most once: what to print beside "ok"

void kill_family(int pid); // all processes that this one has begun, and theirs

// Processes that help a test.
int begin(void (*body)(int), int argument); // its pid; ends with status 0 when body returns
void finish(int count);                     // waits for so many, which must all have ended well
void end(int pid);                          // kills one, and waits for it
void echo_server(int port);                 // binds the port, and sends back what comes; for ever

uint16 own_port(void);                      // bound
void own_exactly(uint16 port);              // bound, or the test fails
struct ticker start_ticker(uint16 port);
uint64 free_memory(void);

void fill(char *bytes, int length, uint64 seed); // with what another seed would not give
int filled(const char *bytes, int length, uint64 seed);

#define MOST_QUEUED 16 // datagrams of a socket
#define PATIENCE (5 * TICKS_PER_SECOND)
extern char outgoing[MAXDATAGRAM + 1], incoming[MAXDATAGRAM + 1]; // each process its own

// Sends to itself or to the peer, and wants the same back.
void send_filled(uint16 port, uint32 to, uint16 to_port, int length, uint64 seed);
void expect_filled(struct ticker *ticker, uint32 from, uint16 from_port, int length, uint64 seed);

#endif
