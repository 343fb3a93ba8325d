// The timer of xv6 until 2023: machine mode takes the CLINT's interrupt, moves mtimecmp on, and raises SSIP by csrw sip.
#ifndef TIMERVEC_H
#define TIMERVEC_H
#include "guest.h"

void timer_start(u64 hart, u64 interval_ticks); // machine mode; also sets mtvec

#endif
