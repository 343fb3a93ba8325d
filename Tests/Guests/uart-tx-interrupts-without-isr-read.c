// xv6 2020 to 2023: the console is sent from transmit interrupts, and no one reads the ISR. The interrupt must come each time
// the holding register empties, and must go away by itself.
#include "lib/uart_irq.h"

enum { BUFFER = 32 };

static char buffer[BUFFER];
static volatile u64 written, sent;
static volatile u32 interrupts;

static void start_sending(void)
{
    while (sent != written && REG8(UART + LSR) & LSR_THR_EMPTY)
        REG8(UART + THR) = buffer[sent++ % BUFFER];
}

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 9))
        fail_trap(frame);
    u32 irq = PLIC_SCLAIM(0);
    if (irq == IRQ_UART) {
        interrupts++;
        while (REG8(UART + LSR) & LSR_RX_READY)
            (void)REG8(UART + RHR);
        start_sending();
    } else if (irq) {
        fail_value("another source interrupted", irq);
    }
    if (irq)
        PLIC_SCLAIM(0) = irq;
}

// Waits for room as xv6's uartputc sleeps: only an interrupt can make some.
static void send(char c)
{
    expect_within(written - sent < BUFFER, "no transmit interrupt");
    csr_clear(sstatus, STATUS_SIE);
    buffer[written++ % BUFFER] = c;
    start_sending();
    csr_set(sstatus, STATUS_SIE);
}

static void run(void)
{
    supervisor_handler = on_interrupt;
    uart_start(IER_RX | IER_TX);
    csr_set(sstatus, STATUS_SIE);
    for (int line = 0; line < 8; line++) {
        for (char c = '0'; c <= '9'; c++)
            send(c);
        for (char c = 'a'; c <= 'z'; c++)
            send(c);
        send('\n');
    }
    expect_within(sent == written, "the last characters were not sent");
    u32 before = interrupts;
    expect(before > 0, "no interrupt at all");
    u64 start = now();
    while (now() - start < TICKS_PER_SECOND / 20)
        ;
    expect(interrupts - before < 4, "the transmit interrupt does not go away");
    REG8(UART + IER) = 0;
    pass();
}

int main(void) { enter_supervisor(run); }
