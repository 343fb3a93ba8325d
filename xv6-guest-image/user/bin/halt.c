// halt: turns the machine off.
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        usage("");
    power(POWER_OFF, 0);
    fail("the kernel cannot turn the machine off");
}
