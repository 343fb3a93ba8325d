// The first program: gives the console to a shell, again and again, and collects the processes that lost their parents.
#include "kernel/fcntl.h"
#include "kernel/param.h"
#include "user/user.h"

#define CONSOLE_MAJOR 1
#define SECOND 10 // ticks

static void open_console(void)
{
    for (int tries = 0; open("console", O_RDWR) < 0 && tries < 2; tries++)
        mknod("console", CONSOLE_MAJOR, 0); // a new disk has none yet
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

// Those that have ended hold their places in the table, perhaps all of them. Asked for first, since wait would also wait
// for those that still live.
static void collect(void)
{
    static struct procinfo table[NPROC];
    int count = procinfo(table, NPROC);
    for (int i = 0; i < count; i++) {
        if (table[i].ppid == getpid() && table[i].state == ZOMBIE)
            wait(0);
    }
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
            collect();
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
