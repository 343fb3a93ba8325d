// What every benchmark guest shares: fixed-width names, the console, the finisher.
#ifndef GUEST_H
#define GUEST_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

// How often main's body runs; the Makefile sets it, small for the -short build.
#ifndef ROUNDS
#define ROUNDS 1
#endif

// Prints "checksum HEX" and "instret N" (since the start), then powers the machine off. The second line depends on
// how the machine counts (QEMU counts instructions only with -icount); the first must be the same everywhere.
void finish(u64 checksum) __attribute__((noreturn));
void power_off(void) __attribute__((noreturn));
void enter_supervisor(void (*function)(void)) __attribute__((noreturn));

#endif
