// ln OLD NEW: gives a file a second name.
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    if (argc != 3)
        usage("OLD NEW");
    if (link(argv[1], argv[2]) < 0)
        fail("cannot link %s to %s", argv[2], argv[1]);
    return 0;
}
