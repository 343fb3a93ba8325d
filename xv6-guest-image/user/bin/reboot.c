// reboot: starts the machine anew.
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        usage("");
    power(POWER_RESET, 0);
    fail("the kernel cannot reset the machine");
}
