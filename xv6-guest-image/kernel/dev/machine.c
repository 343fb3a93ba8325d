// The machine as its device tree tells it, and how to turn it off. Nobody vouches for the tree: every access is checked
// against its size, and even whether there is memory is tried first. Devicetree Specification "Flattened Devicetree
// (DTB) Format".
#include "kernel/dev/machine.h"
#include "kernel/lib/endian.h"
#include "kernel/memlayout.h"
#include "kernel/param.h"
#include "kernel/riscv.h"

#define TREE_MAGIC 0xd00dfeed
#define TREE_MAX_SIZE (1 << 20)
#define BEGIN_NODE 1
#define END_NODE 2
#define PROPERTY 3
#define NOTHING 4

#define ROM_END 0x10000L          // a tree may lie in the boot ROM, or in RAM
#define RAM_LIMIT (64L << 30)     // more than this the kernel does not map
#define LOWEST_TIMEBASE 1000      // Hz: with less the ticks would be no ticks

struct machine machine = {PHYSTOP, 10000000, 1}; // QEMU's virt, alone

// The tree: where it is, and how many bytes of it may be read.
static uint64 tree_base;
static uint tree_size;

// A load whose fault only makes it fail: stvec leads behind it.
static int load_word(uint64 address, uint32 *value)
{
    uint64 worked, loaded;
    asm volatile("la t0, 1f\n"
                 "csrw stvec, t0\n"
                 "li %0, 0\n"
                 "lwu %1, 0(%2)\n"
                 "li %0, 1\n"
                 ".balign 4\n"
                 "1:"
                 : "=&r"(worked), "=&r"(loaded)
                 : "r"(address)
                 : "t0", "memory");
    *value = worked ? loaded : 0;
    return worked;
}

// The big-endian word at an offset, a multiple of four; 0 outside the tree.
static uint32 word_at(uint offset)
{
    uint32 value;
    if (tree_size < 4 || offset > tree_size - 4 || !load_word(tree_base + offset, &value))
        return 0;
    return swap32(value);
}

static uint64 number_at(uint offset, uint cells)
{
    uint64 value = 0;
    for (uint i = 0; i < cells; i++)
        value = value << 32 | word_at(offset + 4 * i);
    return value;
}

static char byte_at(uint offset)
{
    return word_at(offset & ~3u) >> 8 * (3 - (offset & 3));
}

// Whether the string there begins with the text, and what comes after it is `then`, or anything if that is -1.
static int text_is(uint offset, const char *text, int then)
{
    for (; *text; text++, offset++)
        if (byte_at(offset) != *text)
            return 0;
    return then < 0 || byte_at(offset) == then;
}

// The nodes that matter, and where they are.
enum node { OTHER, ROOT, CPUS, CPU, MEMORY };

static enum node node_at(uint name, int depth, enum node parent)
{
    if (depth == 0)
        return ROOT;
    if (depth == 1 && text_is(name, "cpus", 0))
        return CPUS;
    if (depth == 1 && text_is(name, "memory", -1))
        return MEMORY;
    if (depth == 2 && parent == CPUS && text_is(name, "cpu@", -1))
        return CPU;
    return OTHER;
}

// Which of the memory's ranges holds the kernel: its end is RAM's.
static void read_memory(uint offset, uint length, uint address_cells, uint size_cells)
{
    uint entry = 4 * (address_cells + size_cells);
    for (; entry > 0 && length >= entry; offset += entry, length -= entry) {
        uint64 start = number_at(offset, address_cells);
        uint64 size = number_at(offset + 4 * address_cells, size_cells);
        if (start > KERNBASE || size <= KERNBASE - start)
            continue;
        uint64 bytes = size - (KERNBASE - start);
        machine.ram_end = PGROUNDDOWN(KERNBASE + (bytes < RAM_LIMIT ? bytes : RAM_LIMIT));
    }
}

static void read_nodes(uint at, uint strings)
{
    enum node path[3] = {OTHER, OTHER, OTHER};
    int depth = -1, cpus = 0;
    uint address_cells = 2, size_cells = 1;

    // Each turn goes on by four bytes at least; what is outside reads as 0, which ends it.
    for (;;) {
        uint32 token = word_at(at);
        at += 4;
        if (token == BEGIN_NODE) {
            depth++;
            enum node node = node_at(at, depth, depth > 0 && depth <= 2 ? path[depth - 1] : OTHER);
            if (depth <= 2)
                path[depth] = node;
            cpus += node == CPU;
            while (byte_at(at))
                at++;
            at = (at + 4) & ~3u;
        } else if (token == END_NODE && depth >= 0) {
            depth--;
        } else if (token == PROPERTY) {
            uint length = word_at(at), name = strings + word_at(at + 4);
            enum node node = depth >= 0 && depth <= 2 ? path[depth] : OTHER;
            at += 8;
            if (length > tree_size)
                break;
            if (node == ROOT && text_is(name, "#address-cells", 0))
                address_cells = word_at(at) & 3;
            if (node == ROOT && text_is(name, "#size-cells", 0))
                size_cells = word_at(at) & 3;
            if (node == CPUS && text_is(name, "timebase-frequency", 0)) {
                uint64 timebase = number_at(at, length >= 8 ? 2 : 1);
                if (timebase >= LOWEST_TIMEBASE)
                    machine.timebase = timebase;
            }
            if (node == MEMORY && text_is(name, "reg", 0))
                read_memory(at, length, address_cells, size_cells);
            at += (length + 3) & ~3u;
        } else if (token != NOTHING) {
            break;
        }
    }
    if (cpus > 0)
        machine.harts = cpus < NCPU ? cpus : NCPU;
}

void machine_read_tree(const void *tree)
{
    uint64 vector = csr_read(stvec);
    tree_base = (uint64)tree;
    if (tree_base % 4 == 0 && (tree_base < ROM_END || tree_base >= KERNBASE)) {
        tree_size = 40; // of the header
        uint32 size = word_at(4);
        if (word_at(0) == TREE_MAGIC && size <= TREE_MAX_SIZE && tree_base + size > tree_base) {
            tree_size = size;
            read_nodes(word_at(8) & ~3u, word_at(12));
        }
    }
    csr_write(stvec, vector);
}

static void finish(uint32 command) __attribute__((noreturn));

static void finish(uint32 command)
{
    interrupts_off();
    *(volatile uint32 *)FINISHER = command;

    // An emulator may take its time.
    for (;;)
        asm volatile("wfi");
}

void machine_off(int status)
{
    finish(status == 0 ? 0x5555 : (status & 0xffffu) << 16 | 0x3333);
}

void machine_reset(void)
{
    finish(0x7777);
}
