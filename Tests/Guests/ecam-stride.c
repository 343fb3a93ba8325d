// xv6's PCI scan indexes a uint32 pointer by bus << 16 | dev << 11 | func << 8, which is a stride of 0x2000 bytes per "dev": its
// dev 4 is slot 1, and its devs 5, 6 and 7 are functions 2, 4 and 6 of slot 1. What is not there must read all ones.
#include "lib/guest.h"

enum { HOST_BRIDGE = 0x00081b36 }; // Red Hat's QEMU PCIe host bridge

int main(void)
{
    volatile u32 *ecam = (volatile u32 *)ECAM;
    for (u32 dev = 0; dev < 32; dev++) {
        u32 offset = 0u << 16 | dev << 11 | 0u << 8 | 0;
        u32 id = ecam[offset];
        if (dev == 0)
            expect_equal(id, HOST_BRIDGE, "the host bridge");
        else
            expect_equal(id, 0xffffffff, "an empty function");
    }

    // Every function of bus 0, then every slot of the other buses, by the addresses of the specification.
    for (u32 function = 1; function < 256; function++) {
        expect_equal(REG32(ECAM + (function << 12)), 0xffffffff, "an empty function of bus 0");
        expect_equal(REG32(ECAM + (function << 12) + 0x10), 0xffffffff, "a register of an empty function");
    }
    for (u64 slot = 32; slot < 256 * 32; slot++)
        expect_equal(REG32(ECAM + (slot << 15)), 0xffffffff, "an empty slot of another bus");

    // Narrower reads, and a write that nobody hears.
    expect_equal(*(volatile u16 *)ECAM, 0x1b36, "vendor, 16 bits");
    expect_equal(*(volatile u16 *)(ECAM + 2), 0x0008, "device, 16 bits");
    expect_equal(REG8(ECAM + 1), 0x1b, "8 bits");
    REG32(ECAM + 0x8004) = 7;
    expect_equal(REG32(ECAM + 0x8004), 0xffffffff, "command of an empty slot");
    pass();
}
