// udpecho [PORT [COUNT]]: sends each datagram back to where it came from, for ever or so many times. Port 7 (RFC 862)
// by default.
#include "user/netlib.h"
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    static char datagram[MAXDATAGRAM];
    uint16 port = 7, from_port;
    uint64 count = 0;
    uint32 from;

    if (argc > 3 || (argc > 1 && parse_port(argv[1], &port) < 0) ||
        (argc > 2 && parse_range(argv[2], 1, 1ul << 40, &count) < 0))
        usage("[PORT [COUNT]]");
    if (bind(port) < 0)
        fail("port %d is taken", port);
    for (uint64 done = 0; count == 0 || done < count; done++) {
        int length = recv(port, &from, &from_port, datagram, sizeof datagram);
        if (length < 0)
            fail("recv failed");
        // RFC 862 "UDP Based Echo Service" wants an answer to all; what cannot be answered, as from port 0, is left.
        send(port, from, from_port, datagram, length);
    }
    unbind(port);
    exit(0);
}
