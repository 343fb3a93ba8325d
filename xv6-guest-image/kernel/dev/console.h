// The console: lines in, bytes out.
#ifndef KERNEL_DEV_CONSOLE_H
#define KERNEL_DEV_CONSOLE_H

void console_init(void);
void console_receive(int byte); // from the UART's interrupt
void console_foreground(int group); // the process group that ^C ends; 0 for none

#endif
