// The Goldfish clock: nanoseconds since 1970, the low word first (it latches the high one).
#include "lib/guest.h"

static u64 nanoseconds(void)
{
    u64 low = REG32(RTC);
    return (u64)REG32(RTC + 4) << 32 | low;
}

int main(void)
{
    u64 before = nanoseconds(), start = now();
    expect(before > 946684800ul * 1000000000ul, "the clock says it is before the year 2000");
    while (now() - start < TICKS_PER_SECOND / 50)
        ;
    u64 elapsed = nanoseconds() - before;
    expect(elapsed >= 10 * 1000000, "the clock stands still");
    expect(elapsed < 10000000000ul, "the clock runs too fast");
    pass();
}
