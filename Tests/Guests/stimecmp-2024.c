// xv6 from 2024: menvcfg.STCE and mcounteren.TM open stimecmp and rdtime to supervisor mode; its timer interrupt comes directly.
#include "lib/guest.h"

enum { INTERVAL = TICKS_PER_SECOND / 100 };
#define stimecmp 0x14d
#define menvcfg 0x30a
#define csr_number_write(csr, value) asm volatile("csrw %0, %1" : : "i"(csr), "r"((u64)(value)) : "memory")
#define csr_number_read(csr) ({ u64 value_; asm volatile("csrr %0, %1" : "=r"(value_) : "i"(csr)); value_; })

static volatile int ticks;
static volatile u64 deadline, earliest = ~0ul;

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 5))
        fail_trap(frame);
    u64 time = csr_read(time);
    if (time - deadline < earliest)
        earliest = time - deadline;
    deadline = time + INTERVAL;
    csr_number_write(stimecmp, deadline);
    expect(!(csr_read(sip) & STI), "STIP stays although stimecmp lies ahead");
    ticks++;
}

static void run(void)
{
    supervisor_handler = on_interrupt;
    expect_equal(csr_number_read(stimecmp), deadline, "stimecmp, read in S-mode");
    csr_set(sstatus, STATUS_SIE);
    expect_within(ticks >= 5, "no five ticks");
    expect(earliest < 1ul << 63, "a tick came before its time");
    u64 clint = now(), time = csr_read(time);
    expect(time - clint < TICKS_PER_SECOND, "time and the CLINT's mtime differ");
    pass();
}

int main(void)
{
    csr_set(mie, STI);
    csr_number_write(menvcfg, csr_number_read(menvcfg) | 1ul << 63);
    expect(csr_number_read(menvcfg) >> 63, "menvcfg.STCE does not hold");
    csr_set(mcounteren, 2);
    deadline = csr_read(time) + INTERVAL;
    csr_number_write(stimecmp, deadline);
    enter_supervisor(run);
}
