// xv6's net lab enables all of the PLIC's sources 32 to 63 by a store of all ones at the enable register + 4: the e1000 is
// source 33. It also writes priorities of sources it does not have.
#include "lib/plic.h"

static void run(void)
{
    for (int irq = 1; irq < 0x35; irq++)
        PLIC_PRIORITY(irq) = 1;
    for (int hart = 0; hart < 2; hart++) {
        PLIC_SENABLE(hart) = 1u << IRQ_UART | 1u << IRQ_VIRTIO0;
        PLIC_SENABLE_HIGH(hart) = 0xffffffff;
        PLIC_STHRESHOLD(hart) = 0;
    }
    for (int hart = 0; hart < 2; hart++) {
        expect(PLIC_SENABLE_HIGH(hart) >> (IRQ_PCI_SLOT1 - 32) & 1, "source 33 is not enabled");
        expect_equal(PLIC_SENABLE(hart), 1u << IRQ_UART | 1u << IRQ_VIRTIO0, "sources 0 to 31");
        expect_equal(PLIC_SCLAIM(hart), 0, "a claim without an interrupt");
    }
    expect_equal(PLIC_PRIORITY(IRQ_PCI_SLOT1), 1, "priority of source 33");
    expect_equal(PLIC_PRIORITY(0), 0, "priority of source 0");
    pass();
}

int main(void) { enter_supervisor(run); }
