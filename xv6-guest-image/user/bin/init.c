// The first program: gives the console to a shell, again and again, and collects the processes that lost their parents.
#include "kernel/fcntl.h"
#include "user/user.h"

#define CONSOLE_MAJOR 1
#define SECOND 10 // ticks

static void open_console(void)
{
    if (open("console", O_RDWR) < 0) {
        mknod("console", CONSOLE_MAJOR, 0);
        open("console", O_RDWR);
    }
    dup(0);
    dup(0);
}

// Its pid, or -1.
static int start_shell(void)
{
    static char *arguments[] = {"sh", 0};
    int pid = fork();
    if (pid == 0) {
        exec("/sh", arguments);
        printf("init: exec sh failed\n");
        pause(SECOND); // not again at once: it will fail as well
        exit(1);
    }
    return pid;
}

int main(void)
{
    open_console();
    for (;;) {
        printf("init: starting sh\n");
        int shell = start_shell();
        if (shell < 0) {
            printf("init: fork failed\n");
            pause(SECOND);
            continue;
        }
        for (int pid = 0; pid != shell;) {
            pid = wait(0);
            if (pid < 0) {
                printf("init: wait failed\n");
                break;
            }
        }
    }
}
