// mkdir DIRECTORY...: makes directories.
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    int status = 0;
    if (argc < 2)
        usage("DIRECTORY...");
    for (int i = 1; i < argc; i++)
        if (mkdir(argv[i]) < 0) {
            warn("cannot make %s", argv[i]);
            status = 1;
        }
    return status;
}
