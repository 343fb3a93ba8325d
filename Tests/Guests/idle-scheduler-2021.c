// xv6 2021 to 2023 once more, with its own names and its own account of what runs where: harts that go round the process table
// for want of a process. A tick of hart 0 makes a process runnable, and whichever hart finds it first runs it; it takes longer
// than a turn. Every tick has to be served soon, by a hart that spins, and nothing is lost on the way. Any number of harts.
#include "lib/timervec.h"

enum { PROCESSES = 64, INTERVAL = TICKS_PER_SECOND / 100, ROUNDS = 100, WORK = 30000 };

struct spinlock { u32 locked; };
enum procstate { UNUSED, USED, SLEEPING, RUNNABLE, RUNNING, ZOMBIE };

struct proc {
    struct spinlock lock;
    enum procstate state;
    u64 woken;
};

struct cpu {
    struct proc *proc;
    int noff;
};

struct cpu cpus[8];
struct proc proc[PROCESSES];
static volatile u64 served, slowest;

static u64 this_hart(void)
{
    u64 hart;
    asm volatile("mv %0, tp" : "=r"(hart));
    return hart;
}

static void acquire(struct spinlock *lock)
{
    csr_clear(sstatus, STATUS_SIE);
    while (__sync_lock_test_and_set(&lock->locked, 1))
        ;
    __sync_synchronize();
}

static void release(struct spinlock *lock)
{
    __sync_synchronize();
    __sync_lock_release(&lock->locked);
}

static void on_interrupt(struct frame *frame)
{
    static u64 ticks;
    if (frame->cause != (INTERRUPT | 1))
        fail_trap(frame);
    csr_write(sip, csr_read(sip) & ~SSI);
    struct proc *woken = &proc[ticks++ % PROCESSES];
    acquire(&woken->lock);
    woken->woken = now();
    woken->state = RUNNABLE;
    release(&woken->lock);
}

static void work(struct proc *process)
{
    u64 waited = now() - process->woken;
    if (waited > slowest)
        slowest = waited;
    for (int round = 0; round < WORK; round++)
        asm volatile("");
}

// Not inlined: what it calls lies outside of it, as in xv6.
__attribute__((noinline)) void scheduler(void)
{
    struct cpu *cpu = &cpus[this_hart()];
    for (;;) {
        csr_set(sstatus, STATUS_SIE);
        for (struct proc *process = proc; process < &proc[PROCESSES]; process++) {
            acquire(&process->lock);
            if (process->state == RUNNABLE) {
                process->state = RUNNING;
                cpu->proc = process;
                work(process);
                cpu->proc = 0;
                process->state = SLEEPING;
                served++;
            }
            release(&process->lock);
        }
        if (served >= ROUNDS && this_hart() == 0) {
            expect(slowest < TICKS_PER_SECOND / 1000, "a process waited for a millisecond, though a hart was idle");
            pass();
        }
    }
}

void secondary(u64 hart)
{
    asm volatile("mv tp, %0" : : "r"(hart));
    enter_supervisor(scheduler);
}

int main(void)
{
    asm volatile("mv tp, zero");
    supervisor_handler = on_interrupt;
    timer_start(0, INTERVAL);
    enter_supervisor(scheduler);
}
