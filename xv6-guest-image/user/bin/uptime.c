// uptime: for how long the machine has run.
#include "user/user.h"

#define TICKS_PER_SECOND 10

int main(void)
{
    int ticks = uptime(), seconds = ticks / TICKS_PER_SECOND;
    printf("up %d:%02d:%02d, %d ticks\n", seconds / 3600, seconds / 60 % 60, seconds % 60, ticks);
    return 0;
}
