// kill PID...: ends processes.
#include "user/report.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    int status = 0, pid;
    if (argc < 2)
        usage("PID...");
    for (int i = 1; i < argc; i++) {
        if (read_number(argv[i], 0x7fffffff, &pid) < 0) {
            warn("%s is not a process id", argv[i]);
            status = 1;
        } else if (kill(pid) < 0) {
            warn("there is no process %d", pid);
            status = 1;
        }
    }
    return status;
}
