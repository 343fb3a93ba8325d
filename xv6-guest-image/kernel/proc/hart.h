// What each hart has of its own. tp holds the hart's number whenever the kernel runs.
#ifndef KERNEL_PROC_HART_H
#define KERNEL_PROC_HART_H

#include "kernel/param.h"
#include "kernel/types.h"

// What a kernel thread keeps over swtch: return address, stack, and what a C function may not change.
struct context {
    uint64 ra, sp;
    uint64 s[12];
};

struct hart {
    struct proc *proc;      // running here, or 0
    struct proc *urgent;    // woken here by a device's interrupt, to run next; or 0
    struct context context; // of the hart's scheduler
    int off_depth;          // of irq_off
    int on_before;          // whether interrupts were on before the first of them
};

extern struct hart harts[NCPU];
extern volatile int harts_running; // have reached their scheduler

// Interrupts must be off, or the process may move between asking and using the answer.
int hart_id(void);
struct hart *this_hart(void);

#endif
