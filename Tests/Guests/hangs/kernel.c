#include "kernel.h"

enum { INTERVAL = TICKS_PER_SECOND / 100 };

struct cpu cpus[MAX_HARTS];
struct proc proc[4];
volatile int panicked;

int cpuid(void)
{
    u64 tp;
    asm volatile("mv %0, tp" : "=r"(tp));
    return tp;
}

void kernel_enter(void (*function)(void))
{
    asm volatile("mv tp, %0" : : "r"(hart_id()));
    enter_supervisor(function);
}

void acquire(struct spinlock *lock)
{
    csr_clear(sstatus, STATUS_SIE);
    while (__sync_lock_test_and_set(&lock->locked, 1) != 0)
        ;
    __sync_synchronize();
    lock->cpu = &cpus[cpuid()];
}

void release(struct spinlock *lock)
{
    lock->cpu = 0;
    __sync_lock_release(&lock->locked);
}

void panic(char *message)
{
    put_text("panic: ");
    put_text(message);
    put_text("\n");
    panicked = 1;
    for (;;)
        ;
}

void kerneltrap(struct frame *frame)
{
    (void)frame;
    panic("kerneltrap");
}

void timer_next(void) { csr_number_write(stimecmp, csr_read(time) + INTERVAL); }

void timer_start(void)
{
    csr_number_write(menvcfg, csr_number_read(menvcfg) | STCE);
    csr_set(mcounteren, 2);
    timer_next();
}

static void on_tick(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 5))
        kerneltrap(frame);
    timer_next();
}

void tick_for(int seconds)
{
    u64 end = csr_read(time) + (u64)seconds * TICKS_PER_SECOND;
    supervisor_handler = on_tick;
    csr_set(sstatus, STATUS_SIE);
    while (csr_read(time) < end)
        wfi();
    pass();
}
