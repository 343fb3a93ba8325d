// From machine mode to supervisor mode, and what each hart does there.
#include "demo.h"

struct hart harts[MAX_HARTS];
static volatile int page_table_built;

static void supervisor_main(void)
{
    if (this_hart() == 0) {
        build_page_table();
        turn_on_paging();
        console_start();
        page_table_built = 1;
        __sync_synchronize();
        start_interrupts();
        greet();
        shell();
    }
    while (!page_table_built)
        ;
    __sync_synchronize();
    turn_on_paging();
    start_interrupts();
    sleep_until(0); // for ever; the timer wakes this hart ten times a second
}

void start(void)
{
    // Supervisor mode may use all of memory, takes every trap itself, and has the clock and a timer of its own.
    csr_write(pmpaddr0, 0x3fffffffffffff);
    csr_write(pmpcfg0, 0xf);
    csr_write(medeleg, 0xffff);
    csr_write(mideleg, 0xffff);
    csr_write(mcounteren, 7);
    asm volatile("csrs " MENVCFG ", %0" : : "r"(1ul << 63));
    csr_write(satp, 0);
    csr_clear(mstatus, 3 << 11);
    csr_set(mstatus, 1 << 11);
    csr_write(mepc, supervisor_main);
    asm volatile("mret");
}
