// Configuration space of PCI bus 0, through the ECAM: 4 KB for each function of each slot (PCI Express Base
// Specification "PCI Express Enhanced Configuration Access Mechanism"). What is absent reads as all ones.
#include "kernel/dev/pci.h"

#include "kernel/dev/plic.h"
#include "kernel/lib/print.h"
#include "kernel/memlayout.h"
#include "kernel/net/net.h"

enum { SLOTS = 32, FUNCTIONS = 8, HEADER_SIZE = 64 };

// Byte offsets in the header of type 0: PCI Local Bus Specification "Configuration Space Header".
enum {
    IDENTITY = 0x00,    // vendor, device
    COMMAND = 0x04,     // and status in the upper half, where a one written clears
    HEADER_TYPE = 0x0c, // in its third byte
    BAR0 = 0x10,
    BAR1 = 0x14,
    INTERRUPT = 0x3c // line, and in the second byte pin: 1 is INTA, 0 none
};

#define ABSENT 0xffffffff
#define INTEL_82540EM 0x100e8086

#define COMMAND_IO (1 << 0)
#define COMMAND_MEMORY (1 << 1)
#define COMMAND_BUS_MASTER (1 << 2)
#define COMMAND_NO_INTX (1 << 10)
#define HEADER_MULTI_FUNCTION (1 << 23)
#define BAR_IO (1 << 0)
#define BAR_64_BITS (2 << 1)
#define BAR_WIDTH (3 << 1)
#define BAR_FLAGS 0xf

static volatile uint32 *configuration(int slot, int function, int offset)
{
    return (volatile uint32 *)(PCI_ECAM + ((uint64)slot << 15) + ((uint64)function << 12) + offset);
}

static void start_network_card(int slot, int function)
{
    volatile uint32 *command = configuration(slot, function, COMMAND);
    volatile uint32 *bar = configuration(slot, function, BAR0);
    int pin = *configuration(slot, function, INTERRUPT) >> 8 & 0xff;

    // Not decoding while the bar is tried: it would answer anywhere. Zeros in the status half leave that alone.
    uint32 enabled = *command & 0xffff & ~(COMMAND_IO | COMMAND_MEMORY | COMMAND_BUS_MASTER | COMMAND_NO_INTX);
    *command = enabled;
    *bar = 0xffffffff;
    uint32 mask = *bar;
    uint64 size = (~(mask & ~BAR_FLAGS) & 0xffffffff) + 1;
    if (mask & BAR_IO || size > NIC_SIZE || pin < 1 || pin > 4) {
        print("net: the network card in slot %d wants what we have not\n", slot);
        return;
    }
    *bar = PCI_MEMORY;
    if ((mask & BAR_WIDTH) == BAR_64_BITS)
        *configuration(slot, function, BAR1) = 0;
    *command = enabled | COMMAND_MEMORY | COMMAND_BUS_MASTER;

    int irq = PCI_IRQ0 + (slot + pin - 1) % 4;
    e1000_start(PCI_MEMORY, irq, slot);
    plic_enable(irq);
}

long pci_read(int slot, int function, int offset)
{
    if (slot < 0 || slot >= SLOTS || function < 0 || function >= FUNCTIONS || offset < 0 || offset >= HEADER_SIZE || offset % 4)
        return -1;
    if (*configuration(slot, function, IDENTITY) == ABSENT)
        return -1;
    return *configuration(slot, function, offset);
}

void pci_init(void)
{
    for (int slot = 0; slot < SLOTS; slot++) {
        if (*configuration(slot, 0, IDENTITY) == ABSENT) // a device has a function 0
            continue;
        int functions = *configuration(slot, 0, HEADER_TYPE) & HEADER_MULTI_FUNCTION ? FUNCTIONS : 1;
        for (int function = 0; function < functions; function++) {
            if (*configuration(slot, function, IDENTITY) == INTEL_82540EM) {
                start_network_card(slot, function); // the first is the one
                return;
            }
        }
    }
    print("net: no network card\n");
}
