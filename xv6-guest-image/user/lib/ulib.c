// Strings, memory and small conveniences over the system calls.
#include "kernel/fcntl.h"
#include "kernel/vm.h"
#include "user/user.h"

uint strlen(const char *text)
{
    const char *end = text;
    while (*end)
        end++;
    return end - text;
}

char *strcpy(char *to, const char *from)
{
    memcpy(to, from, strlen(from) + 1);
    return to;
}

int strcmp(const char *a, const char *b)
{
    for (; *a == *b; a++, b++)
        if (*a == 0)
            return 0;
    return (uchar)*a - (uchar)*b;
}

char *strchr(const char *text, char c)
{
    for (; *text; text++)
        if (*text == c)
            return (char *)text;
    return 0;
}

// A word at a time where both ends allow it: programs move blocks of the disk with this.
static int both_aligned(const void *a, const void *b)
{
    return (((uint64)a | (uint64)b) & 7) == 0;
}

void *memcpy(void *to, const void *from, uint length)
{
    char *target = to;
    const char *source = from;
    if (both_aligned(to, from))
        for (; length >= 8; length -= 8, target += 8, source += 8)
            *(uint64 *)target = *(const uint64 *)source;
    while (length-- > 0)
        *target++ = *source++;
    return to;
}

void *memmove(void *to, const void *from, int length)
{
    if (length <= 0)
        return to;
    // Forwards is safe unless the target begins within the source.
    if ((uint64)to - (uint64)from >= (uint64)length)
        return memcpy(to, from, length);
    for (int i = length - 1; i >= 0; i--)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int byte, uint length)
{
    char *target = to;
    if (((uint64)to & 7) == 0) {
        uint64 word = (uchar)byte * 0x0101010101010101UL;
        for (; length >= 8; length -= 8, target += 8)
            *(uint64 *)target = word;
    }
    while (length-- > 0)
        *target++ = byte;
    return to;
}

int memcmp(const void *a, const void *b, uint length)
{
    const uchar *left = a, *right = b;
    for (uint i = 0; i < length; i++)
        if (left[i] != right[i])
            return left[i] - right[i];
    return 0;
}

int atoi(const char *digits)
{
    uint value = 0;
    while (*digits >= '0' && *digits <= '9')
        value = value * 10 + (*digits++ - '0');
    return value;
}

// A line from standard input with its end, as far as it fits. At the end of input the line is empty. One byte at a
// time, since what follows the line may be another program's to read.
char *gets(char *line, int size)
{
    int length = 0;
    while (length + 1 < size && read(0, &line[length], 1) == 1) {
        char c = line[length++];
        if (c == '\n' || c == '\r')
            break;
    }
    line[length] = 0;
    return line;
}

int stat(const char *path, struct stat *stat)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return -1;
    int result = fstat(fd, stat);
    close(fd);
    return result;
}

char *sbrk(int change)
{
    return sys_sbrk(change, SBRK_EAGER);
}

char *sbrklazy(int change)
{
    return sys_sbrk(change, SBRK_LAZY);
}
