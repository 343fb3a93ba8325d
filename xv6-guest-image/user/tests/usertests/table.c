// The table of the tests.
#include "user/tests/usertests/tests.h"

#define QUICK(name) {#name, name, 0},
#define SLOW(name) {#name, name, 1},

const struct test tests[] = {TESTS(QUICK, SLOW){0, 0, 0}};
