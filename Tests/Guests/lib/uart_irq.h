// The 16550 as xv6 sets it up from 2020 on: transmit and receive interrupts, FIFO on; the ISR is never read.
#ifndef UART_IRQ_H
#define UART_IRQ_H
#include "plic.h"

enum { RHR = 0, THR = 0, IER = 1, FCR = 2, LCR = 3, LSR = 5 };
enum { IER_RX = 1, IER_TX = 2, LSR_RX_READY = 1, LSR_THR_EMPTY = 1 << 5 };

static inline void uart_start(u8 interrupts)
{
    REG8(UART + IER) = 0;
    REG8(UART + LCR) = 1 << 7; // divisor latch
    REG8(UART + 0) = 3;        // 38400 baud
    REG8(UART + 1) = 0;
    REG8(UART + LCR) = 3;      // eight bits, no parity
    REG8(UART + FCR) = 1 | 6;  // FIFO on, both cleared
    REG8(UART + IER) = interrupts;
    plic_enable(0, IRQ_UART);
}

#endif
