// The parts of a kernel that hang: locks, processes and a panic, with the names that xv6 gives them, so that what looks into
// xv6 looks into these guests as well.
#ifndef HANGS_KERNEL_H
#define HANGS_KERNEL_H
#include "../lib/guest.h"
#include "../lib/plic.h"

// By number: the assembler is told of no extension that has them.
#define stimecmp 0x14d
#define menvcfg 0x30a
#define csr_number_write(csr, value) asm volatile("csrw %0, %1" : : "i"(csr), "r"((u64)(value)) : "memory")
#define csr_number_read(csr) ({ u64 value_; asm volatile("csrr %0, %1" : "=r"(value_) : "i"(csr)); value_; })
#define STCE (1ul << 63)

#ifdef WELL
#define IS_WELL 1
#else
#define IS_WELL 0
#endif

struct cpu {
    struct proc *proc;
    int noff;
};

struct spinlock {
    u32 locked;
    char *name;
    struct cpu *cpu;
};

struct sleeplock {
    u32 locked;
    struct spinlock lk;
    char *name;
    int pid;
};

struct context {
    u64 ra, sp, s0, s1;
};

enum procstate { UNUSED, USED, SLEEPING, RUNNABLE, RUNNING, ZOMBIE };

struct proc {
    struct spinlock lock;
    enum procstate state;
    void *chan;
    int killed, pid;
    struct proc *parent;
    u64 kstack, sz;
    u64 *pagetable;
    void *trapframe;
    struct context context;
    char name[16];
};

extern struct cpu cpus[MAX_HARTS];
extern struct proc proc[4];
extern volatile int panicked;

// tp holds the hart's number.
void kernel_enter(void (*function)(void)) __attribute__((noreturn)); // to supervisor mode, from any hart
int cpuid(void);
void acquire(struct spinlock *lock); // without a look at who has it
void release(struct spinlock *lock);
void panic(char *message) __attribute__((noreturn));
void kerneltrap(struct frame *frame); // panics; supervisor_handler in every hart

// Ticks of the supervisor's timer, a hundred a second, until the guest has run for so many guest seconds; then it passes.
void tick_for(int seconds) __attribute__((noreturn));
void timer_start(void); // machine mode
void timer_next(void);

#endif
