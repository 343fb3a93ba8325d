// The PLIC as xv6 uses it: one supervisor context per hart (context 2h + 1).
#ifndef PLIC_H
#define PLIC_H
#include "guest.h"

#define PLIC_PRIORITY(irq) REG32(PLIC + 4 * (irq))
#define PLIC_SENABLE(hart) REG32(PLIC + 0x2080 + 0x100 * (hart))
#define PLIC_SENABLE_HIGH(hart) REG32(PLIC + 0x2084 + 0x100 * (hart)) // sources 32 to 63
#define PLIC_STHRESHOLD(hart) REG32(PLIC + 0x201000 + 0x2000 * (hart))
#define PLIC_SCLAIM(hart) REG32(PLIC + 0x201004 + 0x2000 * (hart))

static inline void plic_enable(int hart, int irq)
{
    PLIC_PRIORITY(irq) = 1;
    PLIC_SENABLE(hart) |= 1u << irq;
    PLIC_STHRESHOLD(hart) = 0;
}

#endif
