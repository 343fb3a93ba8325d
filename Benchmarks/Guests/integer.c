// Arithmetic in registers and a small working set: hashing, a sieve, Shell sort, integer matrices, Collatz, gcd.
// Machine mode, no paging.
#include "lib/guest.h"

static u8 composite[8192];
static u32 keys[2048];
static u64 a[24][24], b[24][24], c[24][24];

static u64 next(u64 *state)
{
    u64 x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

static u64 hash(u64 seed)
{
    u64 h = 0xcbf29ce484222325 ^ seed;
    for (u64 i = 0; i < 40000; i++) {
        h = (h ^ (i & 0xff)) * 0x100000001b3;
        h ^= h >> 29;
        h += (h << 7) | (h >> 57);
    }
    return h;
}

static u64 sieve(void)
{
    u64 sum = 0;
    for (u32 i = 0; i < sizeof composite; i++)
        composite[i] = 0;
    for (u32 i = 2; i < sizeof composite; i++) {
        if (composite[i])
            continue;
        sum += i;
        for (u32 j = i * i; j < sizeof composite; j += i)
            composite[j] = 1;
    }
    return sum;
}

static u64 sort(u64 *state)
{
    const u32 count = sizeof keys / sizeof keys[0];
    for (u32 i = 0; i < count; i++)
        keys[i] = next(state);
    for (u32 gap = count / 2; gap; gap /= 2) {
        for (u32 i = gap; i < count; i++) {
            u32 key = keys[i], j = i;
            for (; j >= gap && keys[j - gap] > key; j -= gap)
                keys[j] = keys[j - gap];
            keys[j] = key;
        }
    }
    u64 sum = 0;
    for (u32 i = 0; i < count; i++)
        sum = sum * 31 + keys[i];
    return sum;
}

static u64 matrices(u64 *state)
{
    for (int i = 0; i < 24; i++)
        for (int j = 0; j < 24; j++) {
            a[i][j] = next(state);
            b[i][j] = next(state);
        }
    for (int i = 0; i < 24; i++)
        for (int j = 0; j < 24; j++) {
            u64 sum = 0;
            for (int k = 0; k < 24; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
    u64 sum = 0;
    for (int i = 0; i < 24; i++)
        sum ^= c[i][(i * 7) % 24];
    return sum;
}

static u64 collatz(u64 from)
{
    u64 steps = 0;
    for (u64 start = from; start < from + 200; start++)
        for (u64 n = start; n != 1; steps++)
            n = n & 1 ? 3 * n + 1 : n >> 1;
    return steps;
}

static u64 gcds(u64 *state)
{
    u64 sum = 0;
    for (int i = 0; i < 100; i++) {
        u64 x = next(state) >> 32, y = (next(state) >> 32) | 1;
        while (y) {
            u64 rest = x % y;
            x = y;
            y = rest;
        }
        sum += x;
    }
    return sum;
}

int main(void)
{
    u64 state = 88172645463325252, checksum = 0;
    for (u64 round = 0; round < ROUNDS; round++) {
        checksum = checksum * 6364136223846793005 + hash(round);
        checksum ^= sieve();
        checksum += sort(&state);
        checksum ^= matrices(&state);
        checksum += collatz(round * 200 + 1);
        checksum ^= gcds(&state);
    }
    finish(checksum);
}
