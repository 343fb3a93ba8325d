// As in C's <string.h>.
#ifndef KERNEL_LIB_STRING_H
#define KERNEL_LIB_STRING_H

#include <stddef.h>
#include "kernel/types.h"

void *memset(void *to, int byte, size_t length);
void *memcpy(void *to, const void *from, size_t length);
void *memmove(void *to, const void *from, size_t length); // they may overlap
int memcmp(const void *a, const void *b, size_t length);
size_t strlen(const char *text);
int strncmp(const char *a, const char *b, size_t length);

// At most size - 1 bytes, and always a NUL.
void string_copy(char *to, const char *from, size_t size);

#endif
