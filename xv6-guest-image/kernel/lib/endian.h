// Network order is big-endian; RISC-V is not.
#ifndef KERNEL_LIB_ENDIAN_H
#define KERNEL_LIB_ENDIAN_H

#include "kernel/types.h"

static inline uint16 swap16(uint16 value)
{
    return value >> 8 | value << 8;
}

static inline uint32 swap32(uint32 value)
{
    return (uint32)swap16(value) << 16 | swap16(value >> 16);
}

#define htons swap16
#define ntohs swap16
#define htonl swap32
#define ntohl swap32

#endif
