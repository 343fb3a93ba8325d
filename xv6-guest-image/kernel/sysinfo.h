// What procinfo, sysinfo and power speak in. Part of the user interface.
#ifndef KERNEL_SYSINFO_H
#define KERNEL_SYSINFO_H

#include "kernel/types.h"

// The states of a process, as procinfo gives them.
enum procstate { UNUSED, USED, SLEEPING, RUNNABLE, RUNNING, ZOMBIE };

// One process. procinfo(struct procinfo *table, int entries) fills at most so many and returns how many there are.
struct procinfo {
    int pid;
    int ppid;
    int state;     // enum procstate
    int group;     // process group
    uint64 size;   // bytes of user memory
    uint64 ticks;  // timer ticks that found it running
    char name[16];
};

// sysinfo(struct sysinfo *)
struct sysinfo {
    uint64 memory;      // bytes of RAM that pages are taken from
    uint64 freememory;  // of these, free
    uint64 uptime;      // ticks since boot
    uint64 timebase;    // of the time CSR: counts per second
    uint64 diskreads;   // blocks
    uint64 diskwrites;  // blocks
    uint64 disksize;    // blocks that files may have
    uint64 diskfree;    // of these, free
    uint harts;
    uint processes;
};

// power(int how, int status)
#define POWER_OFF 0   // status is the emulator's exit code: 0 to 255
#define POWER_RESET 1 // starts the machine anew

#endif
