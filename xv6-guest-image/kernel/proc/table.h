// What the files of this folder share: the making and unmaking of processes, and the way to the scheduler.
//
// Locks, in the order in which they are taken: wait_lock, a lock that somebody sleeps under, a process's lock.
#ifndef KERNEL_PROC_TABLE_H
#define KERNEL_PROC_TABLE_H

#include "kernel/proc/proc.h"

extern struct spinlock wait_lock; // guards everyone's parent, and keeps a child's end from its parent's look apart
extern struct proc *init_process;

// A free slot as a process in the making, with a pid, a trapframe and no memory; its kernel thread will begin in
// `start` with the process's lock held. 0 if the table or memory is full.
struct proc *proc_alloc(void (*start)(void));
void proc_free_memory(struct proc *process);  // all that came from pages
void proc_free_slot(struct proc *process);    // the rest; its lock is held
void proc_discard(struct proc *process);      // both, for one that never ran

// Its lock is held. Calls a hart that has nothing to do.
void proc_make_runnable(struct proc *process);

// From the current process to this hart's scheduler, and back when it is chosen again. The process's lock is held, and
// no other; its state is no longer RUNNING.
void proc_switch(void);

#endif
