// The handler takes any trap for an interrupt, and goes back to the instruction that cannot succeed.
#include "kernel.h"

static volatile int traps;

static void on_trap(struct frame *frame)
{
    traps++;
    if (IS_WELL)
        frame->epc += 4;
}

static void read_what_is_not_there(void)
{
    asm volatile("csrr t0, 0x5c0" : : : "t0");
}

static void run(void)
{
    supervisor_handler = on_trap;
    for (int i = 0; i < 5000; i++)
        read_what_is_not_there();
    pass();
}

int main(void) { kernel_enter(run); }
