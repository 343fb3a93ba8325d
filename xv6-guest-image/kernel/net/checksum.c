// The Internet checksum. Sums are of little-endian words, which come to the same with their bytes swapped (RFC 1071
// "Byte Order Independence"): so the result is stored as it is.
#include "kernel/lib/endian.h"
#include "kernel/net/stack.h"

typedef uint16 __attribute__((may_alias)) half;
typedef uint64 __attribute__((may_alias)) doubleword;

uint64 checksum_add(uint64 sum, const void *bytes, uint length)
{
    const uint8 *at = bytes;
    if ((uint64)at & 1) { // nothing that we send or receive is, but then it is slow rather than wrong
        for (; length >= 2; at += 2, length -= 2)
            sum += at[0] | (uint)at[1] << 8;
    } else {
        for (; length >= 2 && (uint64)at & 7; at += 2, length -= 2)
            sum += *(const half *)at;
        for (; length >= 8; at += 8, length -= 8) {
            uint64 word = *(const doubleword *)at;
            sum += (word & 0xffffffff) + (word >> 32);
        }
        for (; length >= 2; at += 2, length -= 2)
            sum += *(const half *)at;
    }
    if (length)
        sum += at[0];
    return sum;
}

uint16 checksum_finish(uint64 sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

uint64 checksum_pseudo_header(uint32 source, uint32 destination, uint8 protocol, uint length)
{
    return (uint64)htonl(source) + htonl(destination) + htons(protocol) + htons(length);
}
