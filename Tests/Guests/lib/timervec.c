#include "timervec.h"

// Per hart: room for three registers, mtimecmp's address, the interval.
static u64 scratch[MAX_HARTS][5];

__attribute__((naked, aligned(4))) static void timer_vector(void)
{
    asm volatile("csrrw a0, mscratch, a0\n\t"
                 "sd    a1, 0(a0)\n\t"
                 "sd    a2, 8(a0)\n\t"
                 "sd    a3, 16(a0)\n\t"
                 "ld    a1, 24(a0)\n\t"
                 "ld    a2, 32(a0)\n\t"
                 "ld    a3, 0(a1)\n\t"
                 "add   a3, a3, a2\n\t"
                 "sd    a3, 0(a1)\n\t"
                 "li    a1, 2\n\t"
                 "csrw  sip, a1\n\t"
                 "ld    a3, 16(a0)\n\t"
                 "ld    a2, 8(a0)\n\t"
                 "ld    a1, 0(a0)\n\t"
                 "csrrw a0, mscratch, a0\n\t"
                 "mret");
}

void timer_start(u64 hart, u64 interval_ticks)
{
    MTIMECMP(hart) = MTIME + interval_ticks;
    scratch[hart][3] = (u64)&MTIMECMP(hart);
    scratch[hart][4] = interval_ticks;
    csr_write(mscratch, scratch[hart]);
    csr_write(mtvec, timer_vector);
    csr_set(mstatus, STATUS_MIE);
    csr_set(mie, MTI);
}
