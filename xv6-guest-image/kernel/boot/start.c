// Machine mode: gives supervisor mode all it needs, and goes there for good.
#include "kernel/boot/boot.h"
#include "kernel/dev/timer.h"
#include "kernel/riscv.h"

#define MSTATUS_FS (3L << 13)
#define MSTATUS_VS (3L << 9)

#define EXCEPTIONS 0xffff                    // each one that there is, machine mode's own calls excepted by the machine
#define INTERRUPTS (IE_SSI | IE_STI | IE_SEI)
#define COUNTERS 7                           // cycle, time, instret

const void *boot_tree;

// Priv "Physical Memory Protection": if it is there, all that no entry matches is closed to supervisor mode.
static void open_memory(void)
{
    // Entry 0 as top of range: from 0 to the highest address, readable, writable, executable.
    if (machine_try("csrw pmpaddr0, %1", (1L << 54) - 1))
        machine_try("csrw pmpcfg0, %1", 0xf);
}

void boot_machine_mode(uint64 hart, const void *tree)
{
    if (hart == 0)
        boot_tree = tree;

    open_memory();
    csr_write(medeleg, EXCEPTIONS);
    csr_write(mideleg, INTERRUPTS);
    csr_write(mcounteren, COUNTERS);
    csr_write(scounteren, COUNTERS);
    timer_init_machine();

    // No floating point and no vectors: a process that uses them is ended, since nobody would save their registers.
    csr_write(satp, 0);
    csr_write(sie, 0);
    csr_clear(mstatus, MSTATUS_MPP | MSTATUS_FS | MSTATUS_VS);
    csr_set(mstatus, MSTATUS_MPP_S);
    csr_write(mepc, kernel_main);
    asm volatile("mret");
    __builtin_unreachable();
}
