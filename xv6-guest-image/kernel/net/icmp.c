// ICMP (RFC 792): echoes. The other messages tell a host what it would have to report to connections; here there are
// none.
#include "kernel/lib/endian.h"
#include "kernel/net/stack.h"

void icmp_receive(struct netbuf *message, uint32 source, uint32 destination, uint8 time_to_live)
{
    if (message->length < sizeof(struct icmp_echo) ||
        checksum_finish(checksum_add(0, message->data, message->length)) != 0) {
        net_count(rxbad);
        netbuf_free(message);
        return;
    }
    struct icmp_echo *echo = (struct icmp_echo *)message->data;
    if (echo->type == ICMP_ECHO_REQUEST && echo->code == 0 && !net_is_broadcast(destination)) {
        // The same bytes go back. RFC 1122 "Echo Request/Reply": from the address that was asked; one to all may go
        // unanswered.
        net_count(echorequests);
        echo->type = ICMP_ECHO_REPLY;
        echo->checksum = 0;
        echo->checksum = checksum_finish(checksum_add(0, echo, message->length));
        ip_send(message, IP_ICMP, destination, source);
        return;
    }
    if (echo->type == ICMP_ECHO_REPLY && echo->code == 0)
        ping_answer(echo, message->data + sizeof(*echo), message->length - sizeof(*echo), source, time_to_live);
    netbuf_free(message);
}

int icmp_send_echo(struct netbuf *payload, uint32 to, uint16 id, uint16 sequence)
{
    uint32 source = ip_source(to);
    if (!source) {
        netbuf_free(payload);
        return -1;
    }
    struct icmp_echo *echo = netbuf_push(payload, sizeof(*echo));
    echo->type = ICMP_ECHO_REQUEST;
    echo->code = 0;
    echo->checksum = 0;
    echo->id = htons(id);
    echo->sequence = htons(sequence);
    echo->checksum = checksum_finish(checksum_add(0, echo, payload->length));
    return ip_send(payload, IP_ICMP, source, to);
}
