// Enters supervisor mode without a PMP entry; run with --strict-pmp.
#include "kernel.h"

static void run(void) { pass(); }

static void on_fault(struct frame *frame)
{
    (void)frame;
    panic("start");
}

int main(void)
{
    machine_handler = on_fault;
    if (IS_WELL)
        enter_supervisor(run);
    enter_supervisor_without_pmp(run);
}
