// host NAME [SERVER]: asks a DNS server, the network's own if none is given, for a name's addresses.
#include "user/dns.h"
#include "user/netlib.h"
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    static struct dns_result result;
    static char name[4 * DNS_NAME];
    static uchar asked[DNS_NAME];
    struct netinfo info;
    uint32 server;
    char text[16];

    if (argc < 2 || argc > 3 || argv[1][0] == '-')
        usage("NAME [SERVER]");
    if (argc == 3) {
        if (resolve(argv[2], &server) < 0)
            fail("no such server: %s", argv[2]);
    } else {
        if (netinfo(&info) < 0 || info.dns == 0)
            fail("the network has told of no name server; name one");
        server = info.dns;
    }

    enum dns_outcome outcome = dns_lookup(server, argv[1], &result);
    if (outcome != DNS_FOUND)
        fail("%s: %s (asked %s)", argv[1], dns_outcome_text(outcome), format_address(server, text));
    dns_name_format(result.name, name);
    int length = dns_name_parse(argv[1], asked);
    if (memcmp(asked, result.name, length) != 0)
        printf("%s is an alias of %s\n", argv[1], name);
    for (int i = 0; i < result.count; i++)
        printf("%s has address %s\n", name, format_address(result.addresses[i], text));
    exit(0);
}
