// host NAME [SERVER]: asks a DNS server, the network's own if none is given, for a name's addresses.
#include "user/dns.h"
#include "user/netlib.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    static struct dns_result result;
    static char name[4 * DNS_NAME];
    struct netinfo info;
    uint32 server;
    char text[16];

    if (argc < 2 || argc > 3 || argv[1][0] == '-') {
        fprintf(2, "usage: host NAME [SERVER]\n");
        exit(1);
    }
    if (argc == 3) {
        if (resolve(argv[2], &server) < 0) {
            fprintf(2, "host: no such server: %s\n", argv[2]);
            exit(1);
        }
    } else {
        if (netinfo(&info) < 0 || info.dns == 0) {
            fprintf(2, "host: the network has told of no name server; name one\n");
            exit(1);
        }
        server = info.dns;
    }

    enum dns_outcome outcome = dns_lookup(server, argv[1], &result);
    if (outcome != DNS_FOUND) {
        fprintf(2, "host: %s: %s (asked %s)\n", argv[1], dns_outcome_text(outcome), format_address(server, text));
        exit(1);
    }
    dns_name_format(result.name, name);
    if (strcmp(name, argv[1]) != 0)
        printf("%s is an alias of %s\n", argv[1], name);
    for (int i = 0; i < result.count; i++)
        printf("%s has address %s\n", name, format_address(result.addresses[i], text));
    exit(0);
}
