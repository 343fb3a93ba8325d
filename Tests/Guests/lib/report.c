// The console (16550, polled) and the verdict.
#include "guest.h"

enum { THR = 0, LSR = 5, LSR_THR_EMPTY = 1 << 5 };

static void put(char c)
{
    while (!(REG8(UART + LSR) & LSR_THR_EMPTY))
        ;
    REG8(UART + THR) = c;
}

void put_text(const char *text)
{
    while (*text)
        put(*text++);
}

void put_hex(u64 value)
{
    int shift = 60;
    while (shift && !(value >> shift))
        shift -= 4;
    put_text("0x");
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[value >> shift & 15]);
}

void finish_with(u32 code)
{
    REG32(FINISHER) = code;
    for (;;)
        ;
}

void pass(void)
{
    put_text("PASS " GUEST_NAME "\n");
    finish_with(0x5555);
}

void fail(const char *why)
{
    put_text("FAIL " GUEST_NAME ": ");
    put_text(why);
    put_text("\n");
    finish_with(1 << 16 | 0x3333);
}

void fail_value(const char *why, u64 value)
{
    put_text("FAIL " GUEST_NAME ": ");
    put_text(why);
    put_text(": ");
    put_hex(value);
    put_text("\n");
    finish_with(1 << 16 | 0x3333);
}

// gcc may call these for its own purposes.
void *memset(void *to, int value, u64 length)
{
    for (u8 *p = to; length--;)
        *p++ = value;
    return to;
}

void *memcpy(void *to, const void *from, u64 length)
{
    const u8 *source = from;
    for (u8 *p = to; length--;)
        *p++ = *source++;
    return to;
}
