// The serial port: a 16550 at UART0.
#ifndef KERNEL_DEV_UART_H
#define KERNEL_DEV_UART_H

void uart_init(void);
void uart_interrupt(void);

// For processes: sleeps while the transmitter is busy.
void uart_write(const char *bytes, int length);
// For the kernel: waits, without sleeping or interrupts. Nothing parts the piece.
void uart_write_now(const char *bytes, int length);
// For interrupts: goes behind what processes wrote, and waits only if much is ahead.
void uart_echo(int byte);

#endif
