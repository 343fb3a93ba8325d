// The clock's interrupt. With Sstc supervisor mode has a timer of its own; without it the CLINT's goes to machine mode,
// whose vector (trap/machine.S) passes it on as a software interrupt.
#include "kernel/boot/boot.h"
#include "kernel/dev/timer.h"
#include "kernel/memlayout.h"
#include "kernel/proc/hart.h"
#include "kernel/riscv.h"
#include "kernel/trap/trap.h"

// By number: the assembler is told of no extension that has them.
#define MENVCFG "0x30a"
#define STIMECMP "0x14d"
#define MENVCFG_STCE (1L << 63)

#define NEVER (~0UL)

uint64 timebase = 10000000;
int timer_has_sstc;

// What the machine's vector needs of its hart: trap/machine.S knows the offsets.
static struct {
    uint64 saved[2];
    volatile uint64 *compare;
    volatile uint32 *software;
} vector_data[NCPU];

void machine_vector(void);

static uint64 deadline[NCPU];

void timer_init_machine(void)
{
    int hart = hart_id();

    // menvcfg may be there without Sstc, and its bit may hold what is written to it: only the register itself proves
    // it. Priv "Supervisor Timer (stimecmp) Register".
    int sstc = machine_try("csrs " MENVCFG ", %1", MENVCFG_STCE) && machine_try("csrw " STIMECMP ", %1", NEVER);
    timer_has_sstc = sstc;

    vector_data[hart].compare = (volatile uint64 *)CLINT_MTIMECMP(hart);
    vector_data[hart].software = (volatile uint32 *)CLINT_MSIP(hart);
    csr_write(mscratch, &vector_data[hart]);
    csr_write(mtvec, machine_vector);
    csr_write(mie, IE_MSI);
    if (!sstc) {
        *vector_data[hart].compare = NEVER;
        csr_set(mie, IE_MTI);
    }
}

// The machine's vector has silenced the CLINT's timer. A look at the time could be early: nothing says that this hart's
// time counts in step with the CLINT's.
int timer_due(void)
{
    return !timer_has_sstc && *vector_data[hart_id()].compare == NEVER;
}

void timer_interrupt(void)
{
    int hart = hart_id();
    uint64 interval = timebase / TICKS_PER_SECOND, now = time_now();

    // The ticks follow one another exactly, however late one is served; a hart that missed some does not make up for
    // them.
    deadline[hart] += interval;
    if (deadline[hart] <= now)
        deadline[hart] = now + interval;

    if (timer_has_sstc)
        asm volatile("csrw " STIMECMP ", %0" : : "r"(deadline[hart]));
    else
        *vector_data[hart].compare = deadline[hart];
}
