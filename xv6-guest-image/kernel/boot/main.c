// The kernel's main: hart 0 brings the system up, in the order that its parts need each other; the other harts join
// when there is a kernel to run.
#include "kernel/boot/boot.h"
#include "kernel/dev/console.h"
#include "kernel/dev/machine.h"
#include "kernel/dev/pci.h"
#include "kernel/dev/plic.h"
#include "kernel/dev/timer.h"
#include "kernel/dev/virtio_blk.h"
#include "kernel/fs/buf.h"
#include "kernel/fs/file.h"
#include "kernel/fs/inode.h"
#include "kernel/lib/print.h"
#include "kernel/mem/page.h"
#include "kernel/mem/vm.h"
#include "kernel/memlayout.h"
#include "kernel/net/net.h"
#include "kernel/proc/proc.h"
#include "kernel/trap/trap.h"

static int kernel_ready;

// Until all harts of the device tree are in their scheduler, or for a second: the banner then says the same each time.
static void await_harts(void)
{
    uint64 deadline = time_now() + timebase;
    while (harts_running < machine.harts - 1 && time_now() < deadline)
        ;
}

static void bring_up(void)
{
    print_init();
    console_init();
    machine_read_tree(boot_tree);
    timebase = machine.timebase;
    page_init(machine.ram_end);
    vm_kernel_init();
    vm_kernel_activate();
    proc_init();
    plic_init();
    plic_init_hart();
    trap_init();
    trap_init_hart();

    __atomic_store_n(&kernel_ready, 1, __ATOMIC_RELEASE);
    await_harts();
    int running = harts_running + 1;
    uint64 megabytes = (machine.ram_end - KERNBASE) >> 20;
    print("xv6 for RISC-V: %d %s, %lu MB\n", running, running == 1 ? "hart" : "harts", megabytes);

    buf_init();
    inode_init();
    file_init();
    disk_init();
    net_init();
    pci_init();
    proc_first();
}

static void join(void)
{
    while (!__atomic_load_n(&kernel_ready, __ATOMIC_ACQUIRE))
        ;
    vm_kernel_activate();
    plic_init_hart();
    trap_init_hart();
}

void kernel_main(void)
{
    if (hart_id() == 0)
        bring_up();
    else
        join();
    scheduler();
}
