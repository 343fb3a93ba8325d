// Interrupts of devices: the platform-level interrupt controller.
#ifndef KERNEL_DEV_PLIC_H
#define KERNEL_DEV_PLIC_H

void plic_init(void);       // priorities: once
void plic_init_hart(void);  // what this hart takes
void plic_enable(int irq);  // a further one, for all harts that run: found by a scan
int plic_claim(void);       // the one to serve, or 0
void plic_complete(int irq);

#endif
