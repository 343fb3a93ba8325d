// Loads and stores in supervisor mode under Sv39, everything in 4 KiB pages: 16 MiB of data whose virtual
// order has nothing to do with the physical one. Strides, random access, a linked list, copies, and a hot working set.
#include "lib/guest.h"

enum { PAGE = 4096, DATA_PAGES = 4096 };
enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_A = 64, PTE_D = 128 };

#define DATA_VIRTUAL 0x40000000ul
#define DATA_PHYSICAL 0x81000000ul
#define WORDS (DATA_PAGES * (u64)PAGE / sizeof(u64))

typedef u64 page_table[512] __attribute__((aligned(PAGE)));

static page_table tables[40];
static int tables_used = 1; // tables[0] is the root

static void map(u64 virtual, u64 physical, u64 permissions)
{
    u64 *table = tables[0];
    for (int level = 2; level; level--) {
        u64 *entry = &table[virtual >> (12 + 9 * level) & 511];
        if (!(*entry & PTE_V))
            *entry = (u64)tables[tables_used++] >> 12 << 10 | PTE_V;
        table = (u64 *)(*entry >> 10 << 12);
    }
    table[virtual >> 12 & 511] = physical >> 12 << 10 | permissions | PTE_A | PTE_D | PTE_V;
}

static volatile u64 *const data = (u64 *)DATA_VIRTUAL;

static u64 next(u64 *state)
{
    u64 x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

static void fill(void)
{
    for (u64 i = 0; i < WORDS; i++)
        data[i] = i * 0x9e3779b97f4a7c15;
}

static u64 strides(u64 stride, u64 words)
{
    u64 sum = 0;
    for (u64 i = 0; i < words; i += stride) {
        sum += data[i];
        data[i] = sum;
    }
    return sum;
}

static u64 random_access(u64 *state, u64 count, u64 words)
{
    u64 sum = 0;
    for (u64 i = 0; i < count; i++) {
        u64 at = next(state);
        sum ^= data[at % words];
        data[(at >> 20) % words] = sum + i;
    }
    return sum;
}

// A cycle through every 8th word of the first 512 KiB, in an order that jumps between pages.
static u64 list_walk(u64 steps)
{
    const u64 nodes = 8192;
    for (u64 i = 0; i < nodes; i++)
        data[i * 8] = (i * 4093 + 1) % nodes * 8;
    u64 at = 0, sum = 0;
    for (u64 i = 0; i < steps; i++) {
        at = data[at];
        sum = sum * 3 + at;
    }
    return sum;
}

static u64 copies(u64 words)
{
    volatile u64 *from = data + WORDS / 4, *to = data + WORDS / 2;
    for (u64 i = 0; i < words; i += 4) {
        u64 w0 = from[i], w1 = from[i + 1], w2 = from[i + 2], w3 = from[i + 3];
        to[i] = w0;
        to[i + 1] = w1;
        to[i + 2] = w2;
        to[i + 3] = w3;
    }
    volatile u8 *bytes = (volatile u8 *)to;
    u64 sum = 0;
    for (u64 i = 0; i < words; i++)
        sum += bytes[i * 5];
    return sum;
}

static u64 hot_set(u64 repeats)
{
    u64 sum = 0;
    while (repeats--)
        for (u64 i = 0; i < 4096; i++) { // 32 KiB: eight pages
            u64 value = data[i];
            data[i ^ 1] = value + sum;
            sum ^= value;
        }
    return sum;
}

static void work(void)
{
    u64 state = 88172645463325252, checksum = 0;
    fill();
    for (u64 round = 0; round < ROUNDS; round++) {
        checksum = checksum * 6364136223846793005 + strides(3 + round % 5, WORDS / 4);
        checksum ^= strides(1021, WORDS);
        checksum += random_access(&state, 2500, WORDS);
        checksum ^= random_access(&state, 80000, 32768);
        checksum += list_walk(60000);
        checksum ^= copies(65536);
        checksum += hot_set(48);
    }
    finish(checksum);
}

int main(void)
{
    extern char image_end[];
    for (u64 page = 0x80000000; page < (u64)image_end; page += PAGE)
        map(page, page, PTE_R | PTE_W | PTE_X);
    for (u64 page = 0; page < DATA_PAGES; page++) // an odd factor permutes the pages
        map(DATA_VIRTUAL + page * PAGE, DATA_PHYSICAL + page * 1237 % DATA_PAGES * PAGE, PTE_R | PTE_W);
    map(0x10000000, 0x10000000, PTE_R | PTE_W);
    map(0x100000, 0x100000, PTE_R | PTE_W);
    asm volatile("csrw satp, %0\n\tsfence.vma" : : "r"(8ul << 60 | (u64)tables[0] >> 12) : "memory");
    enter_supervisor(work);
}
