// Names and addresses: dotted addresses to and from text, and the questions to DNS servers.
#include "user/dns.h"
#include "user/netlib.h"
#include "user/user.h"

#define ATTEMPTS 3
#define MAX_QUESTIONS 4 // for aliases that the server leaves to us

int parse_address(const char *text, uint32 *address)
{
    uint32 value = 0;

    for (int part = 0; part < 4; part++) {
        uint32 byte = 0;
        int digits = 0;
        for (; *text >= '0' && *text <= '9'; text++, digits++) {
            // "010" is eight to some and ten to others.
            if (digits == 3 || (digits == 1 && byte == 0))
                return -1;
            byte = byte * 10 + (*text - '0');
        }
        if (digits == 0 || byte > 255 || *text != (part < 3 ? '.' : 0))
            return -1;
        value = value << 8 | byte;
        text++;
    }
    *address = value;
    return 0;
}

char *format_address(uint32 address, char text[16])
{
    char *at = text;

    for (int shift = 24; shift >= 0; shift -= 8) {
        uint32 byte = address >> shift & 255;
        if (byte >= 100)
            *at++ = '0' + byte / 100;
        if (byte >= 10)
            *at++ = '0' + byte / 10 % 10;
        *at++ = '0' + byte % 10;
        *at++ = shift ? '.' : 0;
    }
    return text;
}

// Asks for result->name until an answer comes that settles it.
static enum dns_outcome ask(struct ticker *ticker, uint32 server, struct dns_result *result)
{
    static uchar question[DNS_MESSAGE], answer[DNS_MESSAGE];
    uint16 id = random64();
    int length = dns_question(id, result->name, question);
    enum dns_outcome outcome = DNS_SILENT;

    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        // The same question again, so that a late answer to the first still counts.
        if (send(ticker->port, server, DNS_PORT, (char *)question, length) < 0) {
            pause(TICKS_PER_SECOND);
            outcome = DNS_NO_WAY;
            continue;
        }
        int patience = attempt * TICKS_PER_SECOND, start = uptime();
        for (int left = patience; left > 0; left = patience - (uptime() - start)) {
            uint32 from;
            uint16 from_port;
            int received = ticker_recv(ticker, &from, &from_port, answer, sizeof answer, left);
            if (received == TIMED_OUT)
                break;
            if (received < 0)
                return DNS_NO_WAY;
            if (from != server || from_port != DNS_PORT)
                continue;
            struct dns_result before = *result;
            outcome = dns_answer(answer, received, id, result);
            if (outcome != DNS_NOT_OURS && outcome != DNS_MALFORMED)
                return outcome;
            // It may be forged; the true one may still come.
            *result = before;
        }
    }
    return outcome == DNS_NOT_OURS ? DNS_SILENT : outcome;
}

enum dns_outcome dns_lookup(uint32 server, const char *name, struct dns_result *result)
{
    struct ticker ticker;
    uint16 port;

    result->count = 0;
    if (dns_name_parse(name, result->name) < 0)
        return DNS_BAD_NAME;
    if (server == 0 || bind_any(&port) < 0)
        return DNS_NO_WAY;
    if (ticker_start(&ticker, port, TICKS_PER_SECOND / 2) < 0) {
        unbind(port);
        return DNS_NO_WAY;
    }
    enum dns_outcome outcome = DNS_ALIAS;
    for (int i = 0; i < MAX_QUESTIONS && outcome == DNS_ALIAS; i++)
        outcome = ask(&ticker, server, result);
    ticker_stop(&ticker);
    unbind(port);
    return outcome;
}

// RFC 6761 "Domain Name Reservation Considerations for localhost": nobody is asked.
static int is_local(const char *name)
{
    static const char local[] = "localhost";

    for (int i = 0; i < (int)sizeof local - 1; i++)
        if ((name[i] | 0x20) != local[i])
            return 0;
    return name[9] == 0 || (name[9] == '.' && name[10] == 0);
}

int resolve_at(uint32 server, const char *name, uint32 *address)
{
    static struct dns_result result;

    if (parse_address(name, address) == 0)
        return 0;
    if (is_local(name)) {
        *address = LOOPBACK;
        return 0;
    }
    if (dns_lookup(server, name, &result) != DNS_FOUND)
        return -1;
    *address = result.addresses[0];
    return 0;
}

int resolve(const char *name, uint32 *address)
{
    struct netinfo info;

    return resolve_at(netinfo(&info) < 0 ? 0 : info.dns, name, address);
}
