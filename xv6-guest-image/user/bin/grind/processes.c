// grind's actions on processes, and on what goes from one to another.
#include "user/bin/grind/grind.h"
#include "user/user.h"

void fork_some(void)
{
    int pids[8], count = 1 + random(8), made = 0, status;
    for (; made < count; made++) {
        pids[made] = fork();
        if (pids[made] < 0)
            break;
        if (pids[made] == 0)
            exit(random(2) ? made + 100 : getpid() % 2 + 200);
    }
    for (int i = 0; i < made; i++) {
        int pid = wait(&status), which = 0;
        while (which < made && pids[which] != pid)
            which++;
        must(pid > 0 && which < made, "wait gave an unknown child", pid);
        must(status == which + 100 || status == pid % 2 + 200, "a child's exit status", status);
        pids[which] = 0;
    }
    must(wait(&status) == -1, "wait without children", 0);
}

void kill_one(void)
{
    int ends[2], way = random(3);
    char byte;
    if (pipe(ends) < 0)
        return;
    int pid = fork();
    if (pid == 0) {
        for (;;) {
            if (way == 0)
                read(ends[0], &byte, 1);
            else if (way == 1)
                pause(1000);
        }
    }
    close(ends[0]);
    if (pid > 0) {
        if (random(8) == 0)
            pause(1);
        must(kill(pid) == 0, "kill of a child", -1);
        must_end(pid, -1);
        must(kill(pid) == -1, "kill of a child that is gone", 0);
    }
    close(ends[1]);
}

void use_pipe(void)
{
    int ends[2], total = random(5000), sent = 0, received = 0, got;
    if (pipe(ends) < 0)
        return;
    int pid = fork();
    if (pid == 0) {
        close(ends[0]);
        while (sent < total) {
            int piece = 1 + random(1000);
            if (piece > total - sent)
                piece = total - sent;
            for (int i = 0; i < piece; i++)
                bytes[i] = (sent + i) * 7;
            if (write(ends[1], bytes, piece) != piece)
                exit(1);
            sent += piece;
        }
        exit(0);
    }
    close(ends[1]);
    if (pid > 0) {
        while ((got = read(ends[0], bytes, 1 + random(1000))) > 0)
            for (int i = 0; i < got; i++, received++)
                must(bytes[i] == (uchar)(received * 7), "a byte of a pipe", received);
        must(got == 0 && received == total, "bytes from a pipe", received);
        must_end(pid, 0);
    }
    close(ends[0]);
}

void run_echo(void)
{
    static char *arguments[] = {"echo", "-n", "grind", 0};
    int ends[2], length = 0, got;
    if (pipe(ends) < 0)
        return;
    int pid = fork();
    if (pid == 0) {
        close(1);
        dup(ends[1]);
        close(ends[0]);
        close(ends[1]);
        exec("/echo", arguments);
        exit(99);
    }
    close(ends[1]);
    if (pid > 0) {
        int status;
        while ((got = read(ends[0], bytes + length, 10)) > 0)
            length += got;
        must(wait(&status) == pid, "wait gave another child", status);
        // exec may have found no memory: 99, or -1 in its last steps.
        if (status == 0)
            must(length == 5 && memcmp(bytes, "grind", 5) == 0, "what echo wrote", length);
        else
            must(status == 99 || status == -1, "echo's status", status);
    }
    close(ends[0]);
}
