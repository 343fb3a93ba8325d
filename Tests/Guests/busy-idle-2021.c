// xv6 2021 to 2023: an idle scheduler never executes wfi. It turns interrupts on and walks the process table, lock by lock,
// on every hart at once; time must pass and every hart must get its ticks. Three harts.
#include "lib/timervec.h"

enum { HARTS = 3, PROCESSES = 64, INTERVAL = TICKS_PER_SECOND / 100, TICKS = 5 };

static volatile int ticks[HARTS];
static volatile u64 passes[HARTS];
static struct { u32 locked, state; } processes[PROCESSES];

// The hart's number is in tp, as in xv6.
static u64 this_hart(void)
{
    u64 hart;
    asm volatile("mv %0, tp" : "=r"(hart));
    return hart;
}

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 1))
        fail_trap(frame);
    csr_write(sip, csr_read(sip) & ~SSI);
    ticks[this_hart()]++;
}

static int all_ticked(void)
{
    for (int hart = 0; hart < HARTS; hart++)
        if (ticks[hart] < TICKS || !passes[hart])
            return 0;
    return 1;
}

static void scheduler(void)
{
    u64 hart = this_hart(), start = now();
    for (;;) {
        csr_set(sstatus, STATUS_SIE);
        for (int i = 0; i < PROCESSES; i++) {
            csr_clear(sstatus, STATUS_SIE);
            while (__sync_lock_test_and_set(&processes[i].locked, 1))
                ;
            __sync_synchronize();
            u32 state = processes[i].state;
            __sync_synchronize();
            __sync_lock_release(&processes[i].locked);
            csr_set(sstatus, STATUS_SIE);
            expect_equal(state, 0, "a process appeared");
        }
        passes[hart]++;
        if (hart == 0 && all_ticked())
            pass();
        if (hart == 0)
            expect(now() - start < 2 * TICKS_PER_SECOND, "not every hart got its ticks");
    }
}

__attribute__((noreturn)) static void start(u64 hart)
{
    asm volatile("mv tp, %0" : : "r"(hart));
    timer_start(hart, INTERVAL);
    enter_supervisor(scheduler);
}

void secondary(u64 hart) { start(hart); }

int main(void)
{
    supervisor_handler = on_interrupt;
    start(0);
}
