// sleep TICKS: waits; a second has ten ticks.
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    int ticks;
    if (argc != 2 || read_number(argv[1], 0x7fffffff, &ticks) < 0)
        usage("TICKS");
    return pause(ticks) < 0;
}
