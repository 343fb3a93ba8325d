// The clock's interrupt: Sstc's stimecmp where the machine has it, else the CLINT through machine mode.
#ifndef KERNEL_DEV_TIMER_H
#define KERNEL_DEV_TIMER_H

#include "kernel/types.h"

extern uint64 timebase;   // counts of the time CSR in a second
extern int timer_has_sstc;

void timer_init_machine(void); // in machine mode, on each hart
int timer_due(void);           // whether a software interrupt is the timer's
void timer_interrupt(void);    // in the kernel: asks for the next one

#endif
