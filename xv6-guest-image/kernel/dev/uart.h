// The serial port: a 16550 at UART0.
#ifndef KERNEL_DEV_UART_H
#define KERNEL_DEV_UART_H

void uart_init(void);
void uart_interrupt(void);
void uart_write(const char *bytes, int length); // for processes: sleeps while the transmitter is busy
void uart_put_now(int byte);                    // for the kernel: waits, without sleeping or interrupts
void uart_write_now(const char *bytes, int length); // the same, for a piece that nothing may part
void uart_echo(int byte);                       // for interrupts: behind what processes wrote; waits only if much is ahead

#endif
