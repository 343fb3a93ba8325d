// The kernel's own words: formatted output, and the end of everything when it finds a fault of its own.
#include <stdarg.h>
#include "kernel/boot/boot.h"
#include "kernel/dev/uart.h"
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/lock/spinlock.h"
#include "kernel/memlayout.h"
#include "kernel/proc/hart.h"
#include "kernel/riscv.h"

volatile int panicked;
static struct spinlock print_lock;

// Text on its way out, in pieces that the serial port does not part.
struct output {
    int length;
    char text[128];
};

static void flush(struct output *output)
{
    uart_write_now(output->text, output->length);
    output->length = 0;
}

static void put(struct output *output, char byte)
{
    if (output->length == sizeof(output->text))
        flush(output);
    output->text[output->length++] = byte;
}

static void put_padded(struct output *output, const char *text, int length, int width, char pad)
{
    for (; width > length; width--)
        put(output, pad);
    for (int i = 0; i < length; i++)
        put(output, text[i]);
}

static void put_number(struct output *output, uint64 value, int negative, int base, int width, char pad)
{
    char digits[24];
    int at = sizeof(digits);
    do {
        digits[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    if (negative && pad == '0') {
        put(output, '-');
        width--;
    } else if (negative) {
        digits[--at] = '-';
    }
    put_padded(output, digits + at, sizeof(digits) - at, width, pad);
}

static void format_to(struct output *output, const char *format, va_list arguments)
{
    for (; *format; format++) {
        if (*format != '%') {
            put(output, *format);
            continue;
        }
        format++;
        char pad = *format == '0' ? '0' : ' ';
        int width = 0, is_long = 0;
        for (; *format >= '0' && *format <= '9'; format++)
            width = width * 10 + *format - '0';
        for (; *format == 'l'; format++)
            is_long = 1;

        switch (*format) {
        case 'd':
        case 'i': {
            long value = is_long ? va_arg(arguments, long) : va_arg(arguments, int);
            put_number(output, value < 0 ? -(uint64)value : (uint64)value, value < 0, 10, width, pad);
            break;
        }
        case 'u':
        case 'x': {
            uint64 value = is_long ? va_arg(arguments, uint64) : va_arg(arguments, uint);
            put_number(output, value, 0, *format == 'x' ? 16 : 10, width, pad);
            break;
        }
        case 'p':
            put(output, '0');
            put(output, 'x');
            put_number(output, va_arg(arguments, uint64), 0, 16, 16, '0');
            break;
        case 'c':
            put(output, va_arg(arguments, int));
            break;
        case 's': {
            const char *text = va_arg(arguments, const char *);
            if (!text)
                text = "(null)";
            put_padded(output, text, strlen(text), width, ' ');
            break;
        }
        case 0:
            return;
        default: // %% and what there is not
            put(output, *format);
        }
    }
}

void print(const char *format, ...)
{
    struct output output = {0};
    va_list arguments;
    va_start(arguments, format);
    spin_acquire(&print_lock);
    format_to(&output, format, arguments);
    flush(&output);
    spin_release(&print_lock);
    va_end(arguments);
}

// The return addresses on this stack. With frame pointers, s0 is the caller's stack pointer at the call; the return
// address and the caller's s0 are below it.
static void back_trace(struct output *output)
{
    uint64 frame = (uint64)__builtin_frame_address(0);
    uint64 size = frame - (uint64)boot_stacks < sizeof(boot_stacks) ? BOOT_STACK_SIZE : KSTACK_SIZE;
    uint64 top = (frame | (size - 1)) + 1;

    // The first frame may begin at the top of its stack.
    if (frame % size == 0)
        top = frame;
    for (int depth = 0; depth < 20 && frame % 8 == 0 && frame <= top && top - frame < size - 16; depth++) {
        uint64 return_address = *(uint64 *)(frame - 8);
        uint64 caller = *(uint64 *)(frame - 16);
        if (return_address == 0)
            break;
        put_padded(output, " ", 1, 1, ' ');
        put_number(output, return_address, 0, 16, 16, '0');
        if (caller <= frame)
            break;
        frame = caller;
    }
}

void panic(const char *format, ...)
{
    interrupts_off();

    // Only the first hart to fail speaks; the others stop at their next interrupt or when they fail as well.
    if (__atomic_exchange_n(&panicked, 1, __ATOMIC_SEQ_CST) == 0) {
        struct output output = {0};
        va_list arguments;
        va_start(arguments, format);
        static const char opening[] = "\npanic on hart ";
        put_padded(&output, opening, sizeof(opening) - 1, 0, ' ');
        put_number(&output, hart_id(), 0, 10, 0, ' ');
        put(&output, ':');
        put(&output, ' ');
        format_to(&output, format, arguments);
        static const char calls[] = "\ncalled from";
        put_padded(&output, calls, sizeof(calls) - 1, 0, ' ');
        back_trace(&output);
        put(&output, '\n');
        flush(&output);
        va_end(arguments);
    }
    hart_stop();
}

void hart_stop(void)
{
    // Nothing is enabled that could end the wait.
    csr_write(sie, 0);
    for (;;)
        asm volatile("wfi");
}

void print_init(void)
{
    spin_init(&print_lock, "print");
}
