// The network as the rest of the kernel sees it. Everything else is between the files of this folder.
#ifndef KERNEL_NET_NET_H
#define KERNEL_NET_NET_H

#include "kernel/types.h"

void net_init(void);  // before pci_init
void net_start(const uint8 *mac); // the card's driver: it can send and receive
void net_tick(void);  // ten times a second, from the clock's interrupt on hart 0: retries and leases
void net_process_exit(int pid); // ports and the raw tap of a process that ends

// e1000.c
void e1000_start(uint64 registers, int irq, int slot);
void e1000_interrupt(void);
extern int e1000_irq; // 0 without a card

#endif
