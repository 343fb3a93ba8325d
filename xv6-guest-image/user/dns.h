// DNS messages and the stub resolver that reads them (RFC 1034, RFC 1035).
#ifndef USER_DNS_H
#define USER_DNS_H

#include "kernel/types.h"

#define DNS_PORT 53
#define DNS_NAME 255    // bytes of a name as messages have it: labels, each after its length, and an empty one
#define DNS_MESSAGE 512 // bytes of a message over UDP (RFC 1035 "UDP usage")
#define DNS_ADDRESSES 8 // that we keep

enum dns_outcome {
    DNS_FOUND,
    DNS_ALIAS,      // the server knows another name, and no address of it
    DNS_NO_NAME,
    DNS_NO_ADDRESS, // of that name
    DNS_FAILED,     // the server could not, or would not
    DNS_TRUNCATED,
    DNS_NOT_OURS,   // an answer to something else
    DNS_MALFORMED,
    DNS_SILENT,     // no answer in time
    DNS_BAD_NAME,   // no name that may be asked for
    DNS_NO_WAY,     // no network, no server, or no socket
};

struct dns_result {
    uchar name[DNS_NAME]; // whose addresses these are: the one asked for, or the last of its aliases
    uint32 addresses[DNS_ADDRESSES];
    int count;
};

int dns_name_parse(const char *text, uchar name[DNS_NAME]);       // its length, or -1
void dns_name_format(const uchar *name, char text[4 * DNS_NAME]); // unprintable bytes as \ddd

// A question for the addresses of a name; the message's length.
int dns_question(uint16 id, const uchar *name, uchar message[DNS_MESSAGE]);
// Reads an answer to the question that was asked with this id for result->name, which aliases change.
enum dns_outcome dns_answer(const uchar *message, int length, uint16 id, struct dns_result *result);

// Asks a server, again if it is silent.
enum dns_outcome dns_lookup(uint32 server, const char *name, struct dns_result *result);
const char *dns_outcome_text(enum dns_outcome outcome);

#endif
