// The console: a 16550, sending by polling and receiving by interrupt.
#include <stdarg.h>
#include "demo.h"

enum { RHR = 0, THR = 0, IER = 1, FCR = 2, LCR = 3, LSR = 5 };
enum { LSR_RX_READY = 1, LSR_THR_EMPTY = 1 << 5 };
enum { BACKSPACE = 8, DELETE = 127, CONTROL_U = 21 };

static volatile char input[256];
static volatile u8 received, taken; // both wrap with the buffer
static u32 lock;

void console_start(void)
{
    REG8(UART + IER) = 0;
    REG8(UART + LCR) = 1 << 7; // divisor latch
    REG8(UART + 0) = 3;        // 38400 baud
    REG8(UART + 1) = 0;
    REG8(UART + LCR) = 3;      // eight bits, no parity
    REG8(UART + FCR) = 7;      // FIFOs on and empty
    REG8(UART + IER) = 1;      // receive interrupts
}

void console_interrupt(void)
{
    while (REG8(UART + LSR) & LSR_RX_READY) {
        char c = REG8(UART + RHR);
        if ((u8)(received + 1) != taken)
            input[received++] = c;
    }
}

static void put(char c)
{
    if (c == '\n')
        put('\r');
    while (!(REG8(UART + LSR) & LSR_THR_EMPTY))
        ;
    REG8(UART + THR) = c;
}

static void put_number(u64 value, u64 base, int width, char filler)
{
    char digits[24];
    int length = 0;
    do {
        digits[length++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    for (; width > length; width--)
        put(filler);
    while (length)
        put(digits[--length]);
}

// printf's %s, %c, %d, %ld and %lx of numbers that are not negative, with a width and a leading 0.
void print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    while (__sync_lock_test_and_set(&lock, 1))
        ;
    for (; *format; format++) {
        if (*format != '%') {
            put(*format);
            continue;
        }
        char filler = *++format == '0' ? '0' : ' ';
        int width = 0;
        for (; *format >= '0' && *format <= '9'; format++)
            width = width * 10 + *format - '0';
        int is_long = *format == 'l';
        format += is_long;
        if (*format == 's')
            for (const char *text = va_arg(arguments, const char *); *text; text++)
                put(*text);
        else if (*format == 'c')
            put(va_arg(arguments, int));
        else
            put_number(is_long ? va_arg(arguments, u64) : va_arg(arguments, u32), *format == 'x' ? 16 : 10, width, filler);
    }
    __sync_lock_release(&lock);
    va_end(arguments);
}

// Reads a line, with backspace and Ctrl-U. The machine sleeps between the keys.
void read_line(char *line, int size)
{
    int length = 0;
    for (;;) {
        sleep_until(received != taken);
        char c = input[taken++];
        if (c == '\r' || c == '\n') {
            print("\n");
            line[length] = 0;
            return;
        }
        if (c == BACKSPACE || c == DELETE || c == CONTROL_U) {
            for (int erase = c == CONTROL_U ? length : length > 0; erase; erase--, length--)
                print("\b \b");
        } else if (c >= ' ' && length < size - 1) {
            line[length++] = c;
            print("%c", c);
        }
    }
}
