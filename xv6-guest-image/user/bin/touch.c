// touch FILE...: makes files that do not exist.
#include "kernel/fcntl.h"
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    int status = 0;
    if (argc < 2)
        usage("FILE...");
    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_WRONLY | O_CREATE);
        if (fd < 0) {
            warn("cannot make %s", argv[i]);
            status = 1;
        }
        close(fd);
    }
    return status;
}
