// Configuration space of PCI bus 0, through the ECAM.
#ifndef KERNEL_DEV_PCI_H
#define KERNEL_DEV_PCI_H

#include "kernel/types.h"

void pci_init(void); // finds the network card and starts its driver; says so if there is none
// The word at a byte offset of a function's header, or -1 if there is no such function or offset.
long pci_read(int slot, int function, int offset);

#endif
