// The lock lab's race detector: mcounteren |= 3 lets supervisor mode read cycle, and it spins for 200,000 of them per access.
#include "lib/guest.h"

static void run(void)
{
    for (int i = 0; i < 10; i++) {
        u64 start = csr_read(cycle), last = start;
        while (last - start < 200000) {
            u64 next = csr_read(cycle);
            expect(next >= last, "cycle went back");
            last = next;
        }
    }
    expect(try_instruction("csrr t0, instret") == CAUSE_ILLEGAL, "instret, which mcounteren closes");
    pass();
}

int main(void)
{
    csr_write(mcounteren, 3);
    enter_supervisor(run);
}
