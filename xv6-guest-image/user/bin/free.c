// free: how much memory there is, in KB.
#include "user/report.h"
#include "user/user.h"

int main(void)
{
    struct sysinfo system;
    if (sysinfo(&system) < 0)
        fail("the kernel does not tell");
    printf("     total      used      free\n");
    printf("%10lu%10lu%10lu\n", system.memory / 1024, (system.memory - system.freememory) / 1024, system.freememory / 1024);
    return 0;
}
