// What the device tree tells of the machine; the defaults of QEMU's virt where there is none.
#ifndef KERNEL_DEV_MACHINE_H
#define KERNEL_DEV_MACHINE_H

#include "kernel/types.h"

extern struct machine {
    uint64 ram_end;  // one past the last byte of RAM
    uint64 timebase; // counts of the time CSR in a second
    int harts;       // NCPU at most
} machine;

void machine_read_tree(const void *tree); // a flattened device tree, or anything: checked

// The finisher.
void machine_off(int status) __attribute__((noreturn)); // an emulator ends with this status
void machine_reset(void) __attribute__((noreturn));

#endif
