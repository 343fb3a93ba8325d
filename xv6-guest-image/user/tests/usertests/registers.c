// What a process has in its registers is its own: neither calls nor interrupts nor other processes change it.
#include "user/tests/usertests/tests.h"

// long registers_held(long seed, long loops, long call): fills the registers with numbers made of the seed, spins so
// many times, then calls the system so if call is not 0 (a7), and returns 0 if all is as before. sp and the counter
// t6 are the exceptions, and a0 and a7 with a call.
long registers_held(long seed, long loops, long call);

asm(".text\n"
    "registers_held:\n"
    "   addi sp, sp, -160\n"
    "   sd gp, 0(sp)\n"
    "   sd tp, 8(sp)\n"
    "   sd ra, 16(sp)\n"
    "   .set place, 24\n"
    "   .irp name, s0,s1,s2,s3,s4,s5,s6,s7,s8,s9,s10,s11\n"
    "   sd \\name, place(sp)\n"
    "   .set place, place + 8\n"
    "   .endr\n"
    "   sd a0, 128(sp)\n"
    "   sd a2, 136(sp)\n"
    "   mv t6, a1\n"
    "   .set number, 0\n"
    "   .irp name, ra,gp,tp,t0,t1,t2,t3,t4,t5,s0,s1,s2,s3,s4,s5,s6,s7,s8,s9,s10,s11,a1,a2,a3,a4,a5,a6,a7\n"
    "   addi \\name, a0, number\n"
    "   .set number, number + 3\n"
    "   .endr\n"
    "1: addi t6, t6, -1\n"
    "   bnez t6, 1b\n"
    "   ld t6, 136(sp)\n"
    "   beqz t6, 2f\n"
    "   mv a7, t6\n"
    "   ecall\n"
    "   ld a0, 128(sp)\n"
    "   addi a7, a0, 81\n" // its place in the list
    "2: li t6, 0\n"
    "   .set number, 0\n"
    "   .irp name, ra,gp,tp,t0,t1,t2,t3,t4,t5,s0,s1,s2,s3,s4,s5,s6,s7,s8,s9,s10,s11,a1,a2,a3,a4,a5,a6,a7\n"
    "   addi \\name, \\name, -number\n"
    "   xor \\name, \\name, a0\n"
    "   or t6, t6, \\name\n"
    "   .set number, number + 3\n"
    "   .endr\n"
    "   ld t5, 128(sp)\n"
    "   xor a0, a0, t5\n"
    "   or a0, a0, t6\n"
    "   .set place, 24\n"
    "   .irp name, s0,s1,s2,s3,s4,s5,s6,s7,s8,s9,s10,s11\n"
    "   ld \\name, place(sp)\n"
    "   .set place, place + 8\n"
    "   .endr\n"
    "   ld gp, 0(sp)\n"
    "   ld tp, 8(sp)\n"
    "   ld ra, 16(sp)\n"
    "   addi sp, sp, 160\n"
    "   ret\n");

void calls_keep_registers(void)
{
    for (int i = 0; i < 200; i++) {
        equal(registers_held(0x123456789abcdef0 + i * 0x1111111111, 1, SYS_getpid), 0);
        equal(registers_held(-i, 1, SYS_uptime), 0);
    }
    equal(registers_held(77, 1, 99999), 0); // no such call
}

void interrupts_keep_registers(void)
{
    for (int i = 0; i < 2 * NCPU; i++)
        if (spawn() == 0) {
            int end = uptime() + 6;
            while (uptime() < end)
                equal(registers_held(0x0123456789abcdef * (i + 1), 200000, 0), 0);
            exit(0);
        }
    reap_all(2 * NCPU);
}

void fork_copies_registers(void)
{
    for (int i = 0; i < 20; i++) {
        int self = getpid();
        equal(registers_held(0x5555555555555555 + i, 1, SYS_fork), 0);
        if (getpid() != self)
            exit(0);
        equal(reap_any(0), 0);
    }
}
