// sh [FILE | -c LINE]: the shell.
//
//   list      chains, each ended by ; or by & (which does not wait for it)
//   chain     pipelines joined by && and ||
//   pipeline  commands joined by |
//   command   words, or ( list ), with < file, > file, >> file; cd, exit and wait are the shell's own
//
// '…' and "…" quote, # begins a comment. Programs that are not in the current directory are sought in the root.
#include "kernel/fcntl.h"
#include "user/bin/sh/line.h"
#include "user/bin/sh/run.h"
#include "user/report.h"
#include "user/user.h"

// 0, 1 and 2 are to be in use, whoever started us.
static void open_standard(void)
{
    int fd;
    while ((fd = open("/console", O_RDWR)) >= 0)
        if (fd > 2) {
            close(fd);
            break;
        }
}

static int at_console(void)
{
    struct stat input;
    return fstat(0, &input) == 0 && input.type == T_DEVICE;
}

int main(int argc, char **argv)
{
    open_standard();
    int interactive = argc == 1 && at_console();
    if (argc == 2 && argv[1][0] != '-')
        line_from_file(argv[1]);
    else if (argc == 3 && strcmp(argv[1], "-c") == 0)
        line_from_text(argv[2]);
    else if (argc > 1)
        usage("[FILE | -c LINE]");
    if (interactive)
        run_interactively();

    for (;;) {
        run_reap();
        if (interactive)
            fprintf(2, "$ ");
        int count = line_read();
        if (count == LINE_END)
            exit(last_status & 255);
        if (count == LINE_REFUSED)
            last_status = 2;
        else if (count > 0)
            last_status = run_line(count);
    }
}
