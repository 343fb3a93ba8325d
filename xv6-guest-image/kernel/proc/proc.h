// Processes.
#ifndef KERNEL_PROC_PROC_H
#define KERNEL_PROC_PROC_H

#include "kernel/lock/spinlock.h"
#include "kernel/param.h"
#include "kernel/proc/hart.h"
#include "kernel/riscv.h"
#include "kernel/sysinfo.h"

// Where the trampoline puts a process's registers, and what it needs to enter the kernel. trampoline.S knows the
// offsets.
struct trapframe {
    uint64 satp, stack, handler;                     //   0: the kernel's page table, stack and where to go
    uint64 epc;                                      //  24: the user's pc
    uint64 hart;                                     //  32: tp in the kernel
    uint64 ra, sp, gp, tp;                           //  40
    uint64 t0, t1, t2, s0, s1;                       //  72
    uint64 a0, a1, a2, a3, a4, a5, a6, a7;           // 112
    uint64 s2, s3, s4, s5, s6, s7, s8, s9, s10, s11; // 176
    uint64 t3, t4, t5, t6;                           // 256
};

struct file;
struct inode;

struct proc {
    int pid;
    struct spinlock lock; // guards pid and the next group

    void *sleeps_on;      // the channel, while it sleeps
    uint64 wake_at;       // the tick that ends its sleep, or 0
    int timed_out;        // what woke it was the clock
    int alerted;          // killed since it last slept: its next sleep ends at once
    int killed;           // to end at the next chance
    enum procstate state;
    int exit_status;      // for wait

    struct proc *parent;  // guarded by wait_lock, not by lock

    // The process's own, touched by nobody else while it lives.
    char name[16];
    int group;            // process group
    struct inode *directory;
    struct file *files[NOFILE];
    int logged;           // it has changed something in the transaction under way
    uint64 size;          // bytes of user memory
    pagetable_t pagetable;
    uint stale;           // harts, as bits, that have yet to fence their instruction fetch before they run its code
    struct trapframe *trapframe;
    uint64 kstack;        // bottom of the kernel stack
    struct context context;
    uint64 ticks;         // that found it running
};

extern struct proc proc[NPROC];

void proc_init(void);       // the table
void proc_first(void);      // the process that becomes init
struct proc *proc_current(void);

int proc_fork(void);                          // the child's pid, or -1
void proc_exit(int status) __attribute__((noreturn));
int proc_wait(uint64 status_address);         // a child's pid, or -1; the address may be 0
int proc_kill(int pid);                       // 0, or -1 if there is none
int proc_killed(struct proc *process);
void proc_set_killed(struct proc *process);
int proc_kill_group(int group);               // all its processes, never init; whether there were any
int proc_grow(long change);                   // user memory, now; 0 or -1

// Gives the hart to others.
void proc_yield(void);
// Sleeps on chan. Lets the lock go while asleep and has it again on return. Wakes for wake, and for kill: test the
// condition again.
void proc_sleep(void *chan, struct spinlock *lock);
void proc_wake(void *chan);
// As proc_sleep, but at most until the timer tick counts `until`: 0, or -1 if that came first.
int proc_sleep_until(void *chan, struct spinlock *lock, uint64 until);
// The clock's interrupt, on hart 0, after it has counted `now` and let ticks_lock go: ends the sleeps that were to last
// until then.
void proc_tick(uint now);

void scheduler(void) __attribute__((noreturn)); // a hart's loop

void proc_dump(void); // ^P: the table, on the console
int proc_info(struct procinfo *table, int entries); // kernel memory; how many processes there are

// exec.c: replaces the current process's memory. argc, or -1 with all as it was.
int exec(const char *path, char **argv); // kernel strings; argv ends with 0

#endif
