// forktest: makes processes until there is no room for another, and sees all of them end. It has no printf, for a small
// program fits more often.
#include "user/user.h"

#define MOST 1000 // more than any kernel here has room for
#define CHILD_STATUS 7

static void say(const char *text)
{
    write(1, text, strlen(text));
}

static void say_number(int number)
{
    char digits[12];
    int at = sizeof(digits) - 1;
    digits[at] = 0;
    do {
        digits[--at] = '0' + number % 10;
        number /= 10;
    } while (number > 0);
    say(digits + at);
}

static int fails(const char *text)
{
    say("forktest: ");
    say(text);
    say("\n");
    return 1;
}

int main(void)
{
    int gate[2], count = 0, pid = 0, status;
    char byte;
    say("fork test\n");
    if (pipe(gate) < 0)
        return fails("no pipe");
    while (count < MOST && (pid = fork()) > 0)
        count++;
    if (pid == 0 && count < MOST) {
        // Lives until the parent opens the gate.
        close(gate[1]);
        read(gate[0], &byte, 1);
        exit(CHILD_STATUS);
    }
    close(gate[1]);
    close(gate[0]);
    for (int i = 0; i < count; i++) {
        if (wait(&status) < 0)
            return fails("a child is lost");
        if (status != CHILD_STATUS)
            return fails("a child ended with another status");
    }
    if (wait(0) != -1)
        return fails("a child more than were made");
    if (count == 0 || count == MOST)
        return fails(count == 0 ? "no fork worked" : "fork never failed");
    say_number(count);
    say(" processes\nfork test OK\n");
    return 0;
}
