// Calls and returns: deep and bushy recursion, function pointers, a sort with a comparator. Machine mode, no paging.
// Built without inlining and sibling calls, so that every call in the source is one in the binary.
#include "lib/guest.h"

static u64 fib(u64 n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static u64 ackermann(u64 m, u64 n)
{
    if (m == 0)
        return n + 1;
    if (n == 0)
        return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

static long tak(long x, long y, long z)
{
    return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

// A virtual machine of four operations, dispatched through a table.
typedef u64 operation(u64 accumulator, u64 operand);

static u64 op_add(u64 accumulator, u64 operand) { return accumulator + operand; }
static u64 op_xor(u64 accumulator, u64 operand) { return accumulator ^ operand; }
static u64 op_multiply(u64 accumulator, u64 operand) { return accumulator * (operand | 1); }
static u64 op_rotate(u64 accumulator, u64 operand)
{
    return accumulator << (operand & 31) | accumulator >> (64 - (operand & 31) & 63);
}

static operation *volatile operations[] = {op_add, op_xor, op_multiply, op_rotate};

static u64 dispatch(u64 count, u64 seed)
{
    u64 accumulator = seed;
    for (u64 i = 0; i < count; i++)
        accumulator = operations[(i ^ accumulator >> 17) & 3](accumulator, i);
    return accumulator;
}

static u32 keys[2000];

static long ascending(u32 a, u32 b) { return (long)a - (long)b; }
static long by_low_byte(u32 a, u32 b) { return (a & 0xff) != (b & 0xff) ? (long)(a & 0xff) - (long)(b & 0xff) : ascending(a, b); }

static void swap(u32 *a, u32 *b)
{
    u32 t = *a;
    *a = *b;
    *b = t;
}

static void sort(long low, long high, long (*compare)(u32, u32))
{
    if (low >= high)
        return;
    u32 pivot = keys[(low + high) / 2];
    long i = low, j = high;
    while (i <= j) {
        while (compare(keys[i], pivot) < 0)
            i++;
        while (compare(keys[j], pivot) > 0)
            j--;
        if (i <= j)
            swap(&keys[i++], &keys[j--]);
    }
    sort(low, j, compare);
    sort(i, high, compare);
}

static u64 sorts(u64 seed)
{
    const int count = sizeof keys / sizeof keys[0];
    for (int i = 0; i < count; i++) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        keys[i] = seed >> 33;
    }
    u64 sum = 0;
    sort(0, count - 1, ascending);
    for (int i = 0; i < count; i++)
        sum = sum * 31 + keys[i];
    sort(0, count - 1, by_low_byte);
    for (int i = 0; i < count; i++)
        sum = sum * 31 + keys[i];
    return sum;
}

int main(void)
{
    u64 checksum = 0;
    for (u64 round = 0; round < ROUNDS; round++) {
        checksum = checksum * 6364136223846793005 + fib(20 + round % 3);
        checksum ^= ackermann(2, 60 + round % 7);
        checksum += ackermann(3, 4);
        checksum ^= tak(12, 8, round % 4);
        checksum += dispatch(30000, checksum);
        checksum ^= sorts(round);
    }
    finish(checksum);
}
