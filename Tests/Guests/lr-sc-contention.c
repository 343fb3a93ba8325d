// LR/SC with a real reservation: four harts increment two words of one cache line, and no increment is lost.
#include "lib/guest.h"

enum { HARTS = 4, ROUNDS = 5000 };

static struct { u32 word; u64 wide; } shared __attribute__((aligned(64)));
static volatile u32 finished;

static void count(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        u64 t;
        asm volatile("1: lr.w %0, (%1); addi %0, %0, 1; sc.w %0, %0, (%1); bnez %0, 1b"
                     : "=&r"(t) : "r"(&shared.word) : "memory");
        asm volatile("1: lr.d.aq %0, (%1); addi %0, %0, 3; sc.d.rl %0, %0, (%1); bnez %0, 1b"
                     : "=&r"(t) : "r"(&shared.wide) : "memory");
    }
    __sync_fetch_and_add(&finished, 1);
}

void secondary(u64 hart)
{
    (void)hart;
    count();
    for (;;)
        wfi();
}

int main(void)
{
    count();
    expect_within(finished == HARTS, "not every hart finished");
    expect_equal(shared.word, HARTS * ROUNDS, "32-bit increments");
    expect_equal(shared.wide, 3 * HARTS * ROUNDS, "64-bit increments");

    // An SC fails without a reservation, after another SC, and for another address.
    u64 failed, value;
    static u32 there[2048];
    u32 here = 5;
    asm volatile("lr.w %1, (%2); sc.w %0, %1, (%2)" : "=&r"(failed), "=&r"(value) : "r"(&here) : "memory");
    expect(!failed && value == 5, "LR and SC in a row");
    asm volatile("lr.w %1, (%2); li %0, 9; sc.w %0, %0, (%2)" : "=&r"(failed), "=&r"(value) : "r"(&here) : "memory");
    expect(!failed && here == 9, "SC whose result goes where its operand was");
    asm volatile("sc.w %0, zero, (%1)" : "=&r"(failed) : "r"(&here) : "memory");
    expect(failed && here == 9, "SC after SC");
    asm volatile("lr.w %1, (%2); sc.w %0, zero, (%3)"
                 : "=&r"(failed), "=&r"(value) : "r"(&here), "r"(&there[1024]) : "memory");
    expect(failed, "SC to another address");
    pass();
}
