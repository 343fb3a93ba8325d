// What the contract guests share. Each guest checks one line of the contract between xv6 and its machine,
// prints "PASS name" or "FAIL name: why", and powers the machine off (with fail code 1 on failure).
#ifndef GUEST_H
#define GUEST_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

enum { MAX_HARTS = 8, PAGE = 4096 };

// The board.
#define FINISHER 0x100000ul
#define RTC 0x101000ul
#define CLINT 0x2000000ul
#define PLIC 0xc000000ul
#define UART 0x10000000ul
#define VIRTIO(slot) (0x10001000ul + 0x1000 * (slot))
#define ECAM 0x30000000ul
#define RAM 0x80000000ul

enum { IRQ_VIRTIO0 = 1, IRQ_UART = 10, IRQ_PCI_SLOT1 = 33 };
enum { TICKS_PER_SECOND = 10000000 };

#define REG8(address) (*(volatile u8 *)(address))
#define REG32(address) (*(volatile u32 *)(address))
#define REG64(address) (*(volatile u64 *)(address))
#define MTIMECMP(hart) REG64(CLINT + 0x4000 + 8 * (hart))
#define MTIME REG64(CLINT + 0xbff8)
#define MSIP(hart) REG32(CLINT + 4 * (hart))

// CSRs, by name or by number.
#define csr_read(csr) ({ u64 value_; asm volatile("csrr %0, " #csr : "=r"(value_) : : "memory"); value_; })
#define csr_write(csr, value) asm volatile("csrw " #csr ", %0" : : "r"((u64)(value)) : "memory")
#define csr_set(csr, bits) asm volatile("csrs " #csr ", %0" : : "r"((u64)(bits)) : "memory")
#define csr_clear(csr, bits) asm volatile("csrc " #csr ", %0" : : "r"((u64)(bits)) : "memory")
#define wfi() asm volatile("wfi" : : : "memory")
#define fence() asm volatile("fence" : : : "memory")
#define sfence_vma() asm volatile("sfence.vma zero, zero" : : : "memory")

enum {
    STATUS_SIE = 1 << 1,
    STATUS_MIE = 1 << 3,
    STATUS_SPIE = 1 << 5,
    STATUS_SPP = 1 << 8,
    STATUS_MPP = 3 << 11,
    STATUS_FS = 3 << 13,
};

enum { SSI = 1 << 1, MSI = 1 << 3, STI = 1 << 5, MTI = 1 << 7, SEI = 1 << 9, MEI = 1 << 11 };

#define INTERRUPT (1ul << 63)
enum {
    CAUSE_FETCH_ACCESS = 1,
    CAUSE_ILLEGAL = 2,
    CAUSE_LOAD_ACCESS = 5,
    CAUSE_STORE_ACCESS = 7,
    CAUSE_ECALL_U = 8,
    CAUSE_ECALL_S = 9,
    CAUSE_FETCH_PAGE = 12,
    CAUSE_LOAD_PAGE = 13,
    CAUSE_STORE_PAGE = 15,
};
#define NO_TRAP (~0ul)

// Reports. None of the first two returns; expect fails with its text when the condition is false.
void pass(void) __attribute__((noreturn));
void fail(const char *why) __attribute__((noreturn));
void fail_value(const char *why, u64 value) __attribute__((noreturn));
#define expect(condition, why) ((condition) ? (void)0 : fail(why))
#define expect_equal(actual, expected, why)                                                                            \
    do {                                                                                                               \
        u64 actual_ = (actual);                                                                                        \
        if (actual_ != (u64)(expected))                                                                                \
            fail_value(why, actual_);                                                                                  \
    } while (0)
void finish_with(u32 code) __attribute__((noreturn)); // writes the finisher

void put_text(const char *text);
void put_hex(u64 value);

// Time, from the CLINT. expect_within fails with its text if the condition is not true in two seconds.
static inline u64 now(void) { return MTIME; }
#define expect_within(condition, why)                                                                                  \
    do {                                                                                                               \
        u64 start_ = now();                                                                                            \
        while (!(condition))                                                                                           \
            if (now() - start_ > 2 * TICKS_PER_SECOND)                                                                 \
                fail(why);                                                                                             \
    } while (0)

// Traps: a handler for each mode. One that is not set, or a trap it does not want, fails the guest.
struct frame {
    u64 x[32]; // x[0] is unused
    u64 epc, cause, tval;
};
typedef void trap_handler(struct frame *frame);
extern trap_handler *machine_handler, *supervisor_handler;
void fail_trap(struct frame *frame) __attribute__((noreturn));

// Loads, stores and calls that may trap: each gives the cause, or NO_TRAP. last_tval is what xtval then held.
extern u64 last_tval;
u64 try_load(u64 address, int size, u64 *value);
u64 try_store(u64 address, int size, u64 value);
#define try_instruction(text)                                                                                          \
    ({                                                                                                                 \
        probe_begin();                                                                                                 \
        asm volatile(".option push\n\t.option norvc\n\t" text "\n\t.option pop" : : : "memory");                       \
        probe_end();                                                                                                   \
    })
void probe_begin(void);
u64 probe_end(void);

// Privilege. Each enters the function in supervisor mode and never comes back. xv6's own start: everything
// delegated, S-mode interrupts enabled one by one, translation off, one PMP entry over all of memory (TOR). Without that
// entry a conforming machine refuses the first fetch; that fault stays in machine mode, where it can be told of.
void enter_supervisor(void (*function)(void)) __attribute__((noreturn));
void enter_supervisor_without_pmp(void (*function)(void)) __attribute__((noreturn));
void open_pmp(void);

static inline u64 hart_id(void) // machine mode only
{
    return csr_read(mhartid);
}

// A guest defines main (hart 0), and secondary if it uses the other harts, which otherwise sleep.
int main(void);
void secondary(u64 hart);

#endif
