// Integer types by size, and xv6's short names for them. Part of the user interface.
#ifndef KERNEL_TYPES_H
#define KERNEL_TYPES_H

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;

typedef unsigned char uint8;
typedef unsigned short uint16;
typedef unsigned int uint32;
typedef unsigned long uint64;

typedef uint64 pde_t;

#endif
