// Configuration space of PCI bus 0, through the ECAM.
#ifndef KERNEL_DEV_PCI_H
#define KERNEL_DEV_PCI_H

void pci_init(void); // finds the network card and starts its driver; says so if there is none

#endif
