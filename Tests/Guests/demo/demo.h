// A small supervisor-mode kernel that shows the machine at work: harts, timer, console, disk, paging.
#ifndef DEMO_H
#define DEMO_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

// The board: QEMU's virt.
#define FINISHER 0x100000ul // power off, reset
#define RTC 0x101000ul      // nanoseconds since 1970
#define PLIC 0xc000000ul    // device interrupts
#define UART 0x10000000ul   // 16550
#define DISK 0x10001000ul   // the first virtio-mmio slot
#define RAM 0x80000000ul

#define REG8(address) (*(volatile u8 *)(address))
#define REG32(address) (*(volatile u32 *)(address))

enum { IRQ_DISK = 1, IRQ_UART = 10 };
enum { MAX_HARTS = 8, PAGE = 4096, SECTOR = 512 };
enum { TICKS_PER_SECOND = 10000000, TICK = TICKS_PER_SECOND / 10 };

#define csr_read(csr) ({ u64 value_; asm volatile("csrr %0, " #csr : "=r"(value_) : : "memory"); value_; })
#define csr_write(csr, value) asm volatile("csrw " #csr ", %0" : : "r"((u64)(value)) : "memory")
#define csr_set(csr, bits) asm volatile("csrs " #csr ", %0" : : "r"((u64)(bits)) : "memory")
#define csr_clear(csr, bits) asm volatile("csrc " #csr ", %0" : : "r"((u64)(bits)) : "memory")

// Two CSRs that this assembler knows only by number: the S-mode timer, and the switch that opens it.
#define STIMECMP "0x14d"
#define MENVCFG "0x30a"

enum { SSTATUS_SIE = 1 << 1, SIE_TIMER = 1 << 5, SIE_EXTERNAL = 1 << 9 };

// Each hart's own counts. The hart's number is in tp.
struct hart {
    volatile u32 running;
    volatile u64 ticks, wakes;
    u64 deadline; // of the next tick
};
extern struct hart harts[MAX_HARTS];

static inline u64 this_hart(void)
{
    u64 hart;
    asm volatile("mv %0, tp" : "=r"(hart));
    return hart;
}

// Sleeps until the condition holds. Interrupts are off between the question and the wfi, which wakes for a pending
// interrupt all the same: none can slip in between.
#define sleep_until(condition)                                                                                         \
    for (;;) {                                                                                                         \
        csr_clear(sstatus, SSTATUS_SIE);                                                                               \
        int holds_ = !!(condition);                                                                                    \
        if (!holds_)                                                                                                   \
            asm volatile("wfi" : : : "memory");                                                                        \
        csr_set(sstatus, SSTATUS_SIE);                                                                                 \
        if (holds_)                                                                                                    \
            break;                                                                                                     \
        harts[this_hart()].wakes++;                                                                                    \
    }

// vm.c
void build_page_table(void);
void turn_on_paging(void);

// trap.c
void start_interrupts(void);

// console.c
void console_start(void);
void console_interrupt(void);
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void read_line(char *line, int size);

// disk.c
const char *disk_start(void); // 0, or why there is no disk
void disk_interrupt(void);
int disk_transfer(int write, u64 sector, void *data); // true if the disk said that it went well
u64 disk_sectors(void);

// shell.c
void greet(void);
void shell(void) __attribute__((noreturn));

#endif
