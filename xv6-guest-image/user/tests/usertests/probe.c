// What usertests does when a test of exec has started it: `usertests =WHAT …`.
#include "user/tests/usertests/usertests.h"

static char zeros[3 * PGSIZE];
static int initialized = 4711;

static int check_zeros(void)
{
    for (uint64 i = 0; i < sizeof(zeros); i++)
        if (zeros[i])
            return 1;
    char *heap = sbrk(4 * PGSIZE);
    for (int i = 0; i < 4 * PGSIZE; i++)
        if (heap[i])
            return 2;
    return initialized == 4711 ? 0 : 3;
}

// Its arguments are "=count", then their number in all, then each is its place in letters: "a" times that.
static int check_arguments(int count, char **arguments)
{
    if (count < 3 || atoi(arguments[2]) != count || arguments[count] != 0)
        return 1;
    for (int i = 3; i < count; i++) {
        if (strlen(arguments[i]) != (uint)i)
            return 2;
        for (int k = 0; k < i; k++)
            if (arguments[i][k] != 'a')
                return 3;
    }
    return 0;
}

int probe(int count, char **arguments)
{
    const char *what = arguments[1];
    if (strcmp(what, "=status") == 0)
        return count == 3 ? atoi(arguments[2]) : -2;
    if (strcmp(what, "=pause") == 0) {
        int ticks = atoi(arguments[2]);
        write(atoi(arguments[3]), "x", 1); // it runs
        pause(ticks);
        return ticks;
    }
    if (strcmp(what, "=count") == 0)
        return check_arguments(count, arguments);
    if (strcmp(what, "=zeros") == 0)
        return check_zeros();
    if (strcmp(what, "=pid") == 0)
        return getpid() == atoi(arguments[2]) ? 0 : 1;
    if (strcmp(what, "=empty") == 0) // an empty argument, one of a blank, and one with odd bytes
        return count != 5 || arguments[2][0] || strcmp(arguments[3], " ") || strcmp(arguments[4], "\001\377=");
    // A descriptor and what is to be read from it next; and the current directory has a file "here".
    if (strcmp(what, "=file") == 0) {
        char byte = 0;
        return read(atoi(arguments[2]), &byte, 1) == 1 && byte == arguments[3][0] && exists("here") ? 0 : 1;
    }
    if (strcmp(what, "=length") == 0)
        return strlen(arguments[2]);
    if (strcmp(what, "=name") == 0) {
        static struct procinfo table[NPROC];
        int found = procinfo(table, NPROC);
        for (int i = 0; i < found; i++)
            if (table[i].pid == getpid())
                return strcmp(table[i].name, arguments[2]);
        return -2;
    }
    if (strcmp(what, "=again") == 0) {
        int left = atoi(arguments[2]);
        char number[8];
        char *next[] = {"usertests", "=again", number_name(number, "", left - 1), 0};
        return left == 0 ? 0 : exec(PROGRAM, next);
    }
    return -2;
}
