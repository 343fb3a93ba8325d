// Entry into the kernel, and the clock that ticks in it.
#ifndef KERNEL_TRAP_TRAP_H
#define KERNEL_TRAP_TRAP_H

#include "kernel/lock/spinlock.h"
#include "kernel/types.h"

void trap_init(void);      // once
void trap_init_hart(void); // this hart's traps go to the kernel's vector
void trap_return(void) __attribute__((noreturn)); // from the kernel to the current process

// Counted ten times a second, on hart 0.
#define TICKS_PER_SECOND 10
extern struct spinlock ticks_lock;
extern uint ticks;

#endif
