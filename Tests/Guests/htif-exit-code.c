// As htif-tohost, but the run ends with code 5.
#define EXIT_CODE 5
#include "htif-tohost.c"
