// lspci: what is on the PCI bus, found as a kernel finds it: by asking every slot. A multi-function device says so in function 0.
#include "user/user.h"

enum { SLOTS = 32, FUNCTIONS = 8, BARS = 6 };

// Byte offsets in the header of type 0: PCI Local Bus Specification "Configuration Space Header".
enum { IDENTITY = 0x00, COMMAND = 0x04, CLASS = 0x08, HEADER_TYPE = 0x0c, BAR0 = 0x10, INTERRUPT = 0x3c };

static const struct {
    uint32 class; // base class and subclass: "Class Code Encodings"
    const char *name;
} classes[] = {
    { 0x0100, "SCSI controller" }, { 0x0200, "Ethernet controller" }, { 0x0300, "VGA controller" }, { 0x0600, "host bridge" },
    { 0x0604, "PCI bridge" },      { 0x0c03, "USB controller" },
};

static const char *name_of(uint32 class)
{
    for (int i = 0; i < (int)(sizeof classes / sizeof *classes); i++) {
        if (classes[i].class == class)
            return classes[i].name;
    }
    return "device";
}

static void show_bars(int slot, int function)
{
    for (int i = 0; i < BARS; i++) {
        uint32 bar = pciread(slot, function, BAR0 + 4 * i);
        if (bar & 1)
            printf("    BAR %d: ports at 0x%x\n", i, bar & ~3u);
        else if (bar)
            printf("    BAR %d: memory at 0x%x\n", i, bar & ~15u);
    }
}

static void show(int slot, int function)
{
    uint32 identity = pciread(slot, function, IDENTITY), command = pciread(slot, function, COMMAND) & 0xffff;
    uint32 class = (uint32)pciread(slot, function, CLASS) >> 16, pin = pciread(slot, function, INTERRUPT) >> 8 & 0xff;

    printf("00:%x%x.%d %s, vendor %x device %x\n", slot >> 4, slot & 15, function, name_of(class), identity & 0xffff,
           identity >> 16);
    printf("    command 0x%x:%s%s%s\n", command, command & 1 ? " ports" : "", command & 2 ? " memory" : "",
           command & 4 ? " bus master" : "");
    if (pin)
        printf("    interrupt pin INT%c, irq %d\n", 'A' + pin - 1, 32 + (slot + pin - 1) % 4);
    show_bars(slot, function);
}

int main(void)
{
    for (int slot = 0; slot < SLOTS; slot++) {
        if (pciread(slot, 0, IDENTITY) < 0)
            continue;
        int functions = pciread(slot, 0, HEADER_TYPE) >> 23 & 1 ? FUNCTIONS : 1;
        for (int function = 0; function < functions; function++) {
            if (pciread(slot, function, IDENTITY) >= 0)
                show(slot, function);
        }
    }
    exit(0);
}
