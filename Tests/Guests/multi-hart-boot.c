// NCPU is 8: every hart starts at 0x80000000, knows itself by mhartid, and takes amoswap locks. Eight harts.
#include "lib/guest.h"

enum { HARTS = 8, ROUNDS = 500 };

static u32 lock;
static volatile u64 counter; // read and written under the lock, in two steps
static volatile u32 started, finished, woken;

static void count(u64 hart)
{
    __sync_fetch_and_or(&started, 1u << hart);
    for (int i = 0; i < ROUNDS; i++) {
        while (__sync_lock_test_and_set(&lock, 1))
            ;
        __sync_synchronize();
        u64 value = counter;
        asm volatile("nop; nop; nop; nop");
        counter = value + 1;
        __sync_synchronize();
        __sync_lock_release(&lock);
    }
    __sync_fetch_and_add(&finished, 1);
}

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 3))
        fail_trap(frame);
    MSIP(hart_id()) = 0;
    __sync_fetch_and_or(&woken, 1u << hart_id());
}

void secondary(u64 hart)
{
    count(hart);
    csr_set(mie, MSI);
    csr_set(mstatus, STATUS_MIE);
    for (;;)
        wfi();
}

int main(void)
{
    machine_handler = on_interrupt;
    expect_within(started == 0xfe, "not every hart started");
    count(0);
    expect_within(finished == HARTS, "not every hart finished");
    expect_equal(started, 0xff, "the harts that started");
    expect_equal(counter, HARTS * ROUNDS, "counted under the lock");
    for (int hart = 1; hart < HARTS; hart++)
        MSIP(hart) = 1;
    expect_within(woken == 0xfe, "a software interrupt did not wake every hart");
    pass();
}
