// Bytes in memory. Whole words where the addresses allow it: pages are filled and copied here.
#include "kernel/lib/string.h"

#define WORD sizeof(uint64)
#define ALIGNED(address) (((uint64)(address) & (WORD - 1)) == 0)

void *memset(void *to, int byte, size_t length)
{
    uchar *at = to;
    uchar *last = at + length;
    uint64 pattern = (uchar)byte * 0x0101010101010101UL;

    while (at < last && !ALIGNED(at))
        *at++ = byte;
    for (; (size_t)(last - at) >= 4 * WORD; at += 4 * WORD) {
        uint64 *words = (uint64 *)at;
        words[0] = pattern;
        words[1] = pattern;
        words[2] = pattern;
        words[3] = pattern;
    }
    while (at < last)
        *at++ = byte;
    return to;
}

static void copy_up(uchar *to, const uchar *from, size_t length)
{
    if (ALIGNED(to) && ALIGNED(from))
        for (; length >= 4 * WORD; length -= 4 * WORD, to += 4 * WORD, from += 4 * WORD) {
            const uint64 *source = (const uint64 *)from;
            uint64 *words = (uint64 *)to;
            uint64 a = source[0], b = source[1], c = source[2], d = source[3];
            words[0] = a;
            words[1] = b;
            words[2] = c;
            words[3] = d;
        }
    while (length-- > 0)
        *to++ = *from++;
}

void *memmove(void *to, const void *from, size_t length)
{
    // Only a destination inside the source has to be filled from its end.
    if ((uint64)to - (uint64)from >= length) {
        copy_up(to, from, length);
    } else {
        uchar *target = to;
        const uchar *source = from;
        while (length-- > 0)
            target[length] = source[length];
    }
    return to;
}

void *memcpy(void *to, const void *from, size_t length)
{
    copy_up(to, from, length);
    return to;
}

int memcmp(const void *a, const void *b, size_t length)
{
    const uchar *left = a, *right = b;
    for (size_t i = 0; i < length; i++)
        if (left[i] != right[i])
            return left[i] - right[i];
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

int strncmp(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i] || !a[i])
            return (uchar)a[i] - (uchar)b[i];
    return 0;
}

void string_copy(char *to, const char *from, size_t size)
{
    size_t length = 0;
    while (length + 1 < size && from[length]) {
        to[length] = from[length];
        length++;
    }
    if (size > 0)
        to[length] = 0;
}
