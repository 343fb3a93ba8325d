// Sv39 and the CSRs, as in The RISC-V Instruction Set Manual, Volume II. Part of the user interface for its page sizes.
#ifndef KERNEL_RISCV_H
#define KERNEL_RISCV_H

#define PGSIZE 4096
#define PGSHIFT 12
#define PGROUNDUP(bytes) (((bytes) + PGSIZE - 1) & ~(PGSIZE - 1L))
#define PGROUNDDOWN(address) ((address) & ~(PGSIZE - 1L))

// One beyond the highest address used: half of what Sv39 has, so that no address needs sign extension.
#define MAXVA (1L << (9 + 9 + 9 + 12 - 1))

#define PTE_V (1L << 0)
#define PTE_R (1L << 1)
#define PTE_W (1L << 2)
#define PTE_X (1L << 3)
#define PTE_U (1L << 4)
#define PTE_G (1L << 5)
#define PTE_A (1L << 6)
#define PTE_D (1L << 7)

#ifndef __ASSEMBLER__
#include "kernel/types.h"

typedef uint64 pte_t;
typedef uint64 *pagetable_t; // 512 entries

#define PA2PTE(address) (((uint64)(address) >> PGSHIFT) << 10)
#define PTE2PA(entry) (((entry) >> 10) << PGSHIFT)
#define PTE_FLAGS(entry) ((entry) & 0x3ff)
#define PX(level, address) (((uint64)(address) >> (PGSHIFT + 9 * (level))) & 0x1ff)
#define SATP_SV39 (8L << 60)
#define MAKE_SATP(table) (SATP_SV39 | ((uint64)(table) >> PGSHIFT))

#define csr_read(csr) ({ uint64 value_; asm volatile("csrr %0, " #csr : "=r"(value_) : : "memory"); value_; })
#define csr_write(csr, value) asm volatile("csrw " #csr ", %0" : : "r"((uint64)(value)) : "memory")
#define csr_set(csr, bits) asm volatile("csrs " #csr ", %0" : : "r"((uint64)(bits)) : "memory")
#define csr_clear(csr, bits) asm volatile("csrc " #csr ", %0" : : "r"((uint64)(bits)) : "memory")

#define MSTATUS_MPP (3L << 11)
#define MSTATUS_MPP_S (1L << 11)
#define MSTATUS_MIE (1L << 3)

#define SSTATUS_SPP (1L << 8)
#define SSTATUS_SPIE (1L << 5)
#define SSTATUS_SIE (1L << 1)

// Bits of mie, sie, mip and sip.
#define IE_SSI (1L << 1)
#define IE_MSI (1L << 3)
#define IE_MTI (1L << 7)
#define IE_STI (1L << 5)
#define IE_SEI (1L << 9)

#define SCAUSE_INTERRUPT (1L << 63)

static inline void interrupts_on(void)
{
    csr_set(sstatus, SSTATUS_SIE);
}

static inline void interrupts_off(void)
{
    csr_clear(sstatus, SSTATUS_SIE);
}

static inline int interrupts_enabled(void)
{
    return (csr_read(sstatus) & SSTATUS_SIE) != 0;
}

static inline void tlb_flush(void)
{
    asm volatile("sfence.vma zero, zero" : : : "memory");
}

// Counts at sysinfo's timebase.
static inline uint64 time_now(void)
{
    uint64 now;
    asm volatile("rdtime %0" : "=r"(now) : : "memory");
    return now;
}

#endif
#endif
