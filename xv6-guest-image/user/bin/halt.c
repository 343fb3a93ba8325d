// halt [STATUS]: turns the machine off; an emulator ends with that status.
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    int status = 0;
    if (argc > 2 || (argc == 2 && read_number(argv[1], 255, &status) < 0))
        usage("[STATUS], at most 255");
    power(POWER_OFF, status);
    fail("the kernel cannot turn the machine off");
}
