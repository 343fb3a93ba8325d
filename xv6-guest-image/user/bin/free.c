// free: how much memory there is, in KB.
#include "user/report.h"
#include "user/user.h"

int main(void)
{
    struct sysinfo system;
    if (sysinfo(&system) < 0)
        fail("the kernel does not tell");
    uint64 total = system.memory / 1024, free = system.freememory / 1024;
    printf("     total      used      free\n");
    printf("%10lu%10lu%10lu\n", total, total - free, free);
    return 0;
}
