// Console input by receive interrupts. Prints "ready", and expects "xv6" and a newline from the terminal.
#include "lib/uart_irq.h"

static char line[8];
static volatile int length;

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 9))
        fail_trap(frame);
    u32 irq = PLIC_SCLAIM(0);
    if (!irq)
        return;
    expect_equal(irq, IRQ_UART, "another source interrupted");
    while (REG8(UART + LSR) & LSR_RX_READY) {
        char c = REG8(UART + RHR);
        if (length < 8)
            line[length++] = c;
    }
    PLIC_SCLAIM(0) = irq;
}

static void run(void)
{
    supervisor_handler = on_interrupt;
    uart_start(IER_RX);
    csr_set(sstatus, STATUS_SIE);
    expect(!(REG8(UART + LSR) & LSR_RX_READY), "input before there is any");
    put_text("ready\n");
    u64 start = now();
    while (length < 4)
        expect(now() - start < 20ul * TICKS_PER_SECOND, "no receive interrupt");
    expect(line[0] == 'x' && line[1] == 'v' && line[2] == '6', "wrong characters");
    expect(line[3] == '\n' || line[3] == '\r', "no end of line");
    expect(!(REG8(UART + LSR) & LSR_RX_READY), "LSR still says that there is input");
    pass();
}

int main(void) { enter_supervisor(run); }
