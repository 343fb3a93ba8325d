// The handler of external interrupts looks at the UART, but never claims at the PLIC.
#include "kernel.h"

static volatile int interrupts;

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 9))
        kerneltrap(frame);
    u32 claimed = IS_WELL ? PLIC_SCLAIM(0) : 0;
    (void)REG8(UART + 2); // IIR: the transmitter's interrupt is acknowledged
    interrupts++;
    if (claimed)
        PLIC_SCLAIM(0) = claimed;
}

static void run(void)
{
    supervisor_handler = on_interrupt;
    plic_enable(0, IRQ_UART);
    // A received byte, by the chip's loopback, stays there and its interrupt with it.
    REG8(UART + 4) = 0x10;
    REG8(UART + 1) = 1;
    REG8(UART + 0) = 'x';
    csr_set(sstatus, STATUS_SIE);
    for (u64 end = now() + 3 * TICKS_PER_SECOND; now() < end;)
        ;
    REG8(UART + 4) = 0;
    expect(interrupts, "no interrupt");
    pass();
}

int main(void) { kernel_enter(run); }
