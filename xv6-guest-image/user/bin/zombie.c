// zombie [TICKS]: leaves a child that has exited and is not waited for, and then, as the parent exits first, one for
// init to collect.
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    int ticks = 5;
    if (argc > 2 || (argc == 2 && read_number(argv[1], 0x7fffffff, &ticks) < 0))
        usage("[TICKS]");
    int pid = fork();
    if (pid < 0)
        fail("fork failed");
    if (pid > 0)
        pause(ticks);
    return 0;
}
