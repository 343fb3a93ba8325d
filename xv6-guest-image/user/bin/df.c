// df: how much of the disk is in use, in blocks of 1 KB.
#include "user/report.h"
#include "user/user.h"

int main(void)
{
    struct sysinfo system;
    if (sysinfo(&system) < 0 || system.disksize == 0)
        fail("the kernel does not tell");
    uint64 used = system.disksize - system.diskfree;
    printf("    blocks      used      free  use\n");
    printf("%10lu%10lu%10lu %3lu%%\n", system.disksize, used, system.diskfree, used * 100 / system.disksize);
    return 0;
}
