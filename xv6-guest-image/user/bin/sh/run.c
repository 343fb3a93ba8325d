// Runs a line. A part of it is a range of its tokens, so nothing is allocated; and nothing is nested but the processes:
// a child that has a part to run returns with it to run_line (the stack is one page).
#include "kernel/fcntl.h"
#include "kernel/param.h"
#include "user/bin/sh/line.h"
#include "user/bin/sh/run.h"
#include "user/report.h"
#include "user/user.h"

#define CHILD_PART 1000 // as a status: this is a child, and `part` is what it has to run

static struct {
    int from, to;
} part;

static int groups;     // what is run from here gets process groups
static int disposable; // a child, which ends with its part of the line
static int leader;     // of a group: it outlives what it runs, so that only ^C, which ends them all, gives it status -1
static int background; // children that were not waited for
static char buffer[1024];
int last_status;

void run_interactively(void)
{
    // ^C is for what the shell runs, not for itself. A kernel without groups says no.
    groups = setgroup(0) == 0;
}

// As fork, of a child that ends with its part of the line. With too many processes in the background it waits for one of
// them, unless there is one running that wait_for is to wait for.
static int fork_part(int running)
{
    int pid = fork();
    while (pid < 0 && !running && background > 0 && wait(0) >= 0) {
        background--;
        pid = fork();
    }
    if (pid < 0)
        warn("fork failed");
    if (pid == 0) {
        disposable = 1;
        leader = 0;
        background = 0;
        line_close();
    }
    return pid;
}

// Waits for all of them; the status of the last: 0 to 255, or -1 if it was killed.
static int wait_for(int *pids, int count)
{
    int status = 0, left = count;
    while (left > 0) {
        int its_status, pid = wait(&its_status);
        if (pid < 0)
            return 1;
        int i = 0;
        while (i < count && pids[i] != pid)
            i++;
        if (i == count) {
            background--;
            continue;
        }
        left--;
        if (i == count - 1)
            status = its_status < -1 || its_status > 255 ? 255 : its_status;
    }
    return status;
}

void run_reap(void)
{
    if (background == 0 || !groups)
        return;
    // wait alone would wait for those too that have not ended.
    static struct procinfo table[NPROC];
    int count = procinfo(table, NPROC), self = getpid();
    for (int i = 0; i < count && i < NPROC; i++)
        if (table[i].ppid == self && table[i].state == ZOMBIE && wait(0) >= 0)
            background--;
}

static void move_descriptor(int from, int to)
{
    if (from < 0)
        return;
    close(to);
    dup(from); // takes the lowest that is free
    close(from);
}

static void redirect(int kind, const char *name)
{
    static const int how[] = {
        [INPUT] = O_RDONLY, [OUTPUT] = O_WRONLY | O_CREATE | O_TRUNC, [APPEND] = O_RDWR | O_CREATE,
    };
    int fd = open(name, how[kind]);
    struct stat file;
    if (fd < 0)
        fail("open %s failed", name);
    // There is no seek: reading moves to the end.
    if (kind == APPEND && fstat(fd, &file) == 0 && file.type == T_FILE)
        while (read(fd, buffer, sizeof(buffer)) > 0)
            ;
    move_descriptor(fd, kind == INPUT ? 0 : 1);
}

static void execute(char **arguments)
{
    char *name = arguments[0];
    exec(name, arguments);
    if (strchr(name, '/') == 0 && strlen(name) < MAXPATH - 1) {
        // Programs are in the root.
        buffer[0] = '/';
        strcpy(buffer + 1, name);
        exec(buffer, arguments);
    }
    fail("exec %s failed", name);
}

// Makes this process the command. Returns only to run a ( list ).
static int become(int from, int to)
{
    static char *arguments[MAXARG];
    int count = 0;
    part.from = part.to = 0;
    while (from < to) {
        int kind = line_kind(from);
        if (kind == OPEN) {
            part.from = from + 1;
            part.to = line_find(from + 1, to, IS(CLOSE));
            from = part.to + 1;
        } else if (kind == WORD) {
            if (count == MAXARG - 1)
                fail("too many words for %s", arguments[0]);
            arguments[count++] = line_word(from++);
        } else {
            redirect(kind, line_word(from + 1));
            from += 2;
        }
    }
    if (part.to > 0)
        return CHILD_PART;
    if (count == 0)
        exit(0);
    execute(arguments);
    return 0;
}

// Running.

static int is_builtin(int from, int to)
{
    if (from == to || line_kind(from) != WORD || line_find(from, to, ~IS(WORD)) != to)
        return 0;
    const char *name = line_word(from);
    return strcmp(name, "cd") == 0 || strcmp(name, "exit") == 0 || strcmp(name, "wait") == 0;
}

static int run_builtin(int from, int to)
{
    const char *name = line_word(from), *argument = to > from + 1 ? line_word(from + 1) : 0;
    int status = last_status;
    if (to > from + 2) {
        warn("%s: too many arguments", name);
        return 1;
    }
    switch (name[0]) {
    case 'c':
        if (chdir(argument ? argument : "/") == 0)
            return 0;
        warn("cannot cd %s", argument);
        return 1;
    case 'e':
        if (argument == 0 || read_number(argument, 255, &status) == 0)
            exit(status & 255);
        warn("exit %s: not a status", argument);
        return 1;
    }
    while (wait(0) >= 0)
        ;
    background = 0;
    return 0;
}

// Runs a part as a process group, which ^C ends as a whole. followed: by other parts of the line.
static int run_group(int from, int to, int followed)
{
    int pid = fork_part(0);
    if (pid == 0) {
        setgroup(1);
        groups = 0;
        leader = followed;
        part.from = from;
        part.to = to;
        return CHILD_PART;
    }
    return pid < 0 ? 1 : wait_for(&pid, 1);
}

static int run_stages(int from, int to)
{
    static int pids[NPROC];
    int count = 0, input = -1;
    while (from < to) {
        int end = line_find(from, to, IS(PIPE)), ends[2] = {-1, -1}, pid = -1;
        if (end < to && pipe(ends) < 0)
            warn("pipe failed");
        else if (count < NPROC)
            pid = fork_part(count);
        if (pid == 0) {
            move_descriptor(input, 0);
            move_descriptor(ends[1], 1);
            close(ends[0]);
            return become(from, end);
        }
        close(input);
        close(ends[1]);
        input = ends[0];
        if (pid < 0) {
            // Half a pipeline is none.
            close(input);
            for (int i = 0; i < count; i++)
                kill(pids[i]);
            wait_for(pids, count);
            return 1;
        }
        pids[count++] = pid;
        from = end + 1;
    }
    return wait_for(pids, count);
}

// tail: nothing follows in this process.
static int run_pipeline(int from, int to, int tail)
{
    int single = line_find(from, to, IS(PIPE)) == to;
    if (single && is_builtin(from, to))
        return run_builtin(from, to);
    if (groups)
        return run_group(from, to, 1);
    return single && tail ? become(from, to) : run_stages(from, to);
}

// Whether to leave the line: as a child with a part to run, or since ^C ended the last group.
static int leaves(int status)
{
    return status == CHILD_PART || (groups && status == -1);
}

static int run_chain(int from, int to, int tail)
{
    int status = 0, wanted = 1;
    while (from < to) {
        int end = line_find(from, to, IS(AND) | IS(OR));
        if (wanted)
            status = last_status = run_pipeline(from, end, tail && end == to);
        if (leaves(status) || end == to)
            break;
        wanted = (line_kind(end) == AND) == (status == 0);
        from = end + 1;
    }
    return status;
}

static int start_background(int from, int to)
{
    int pid = fork_part(0);
    if (pid == 0) {
        if (groups)
            setgroup(0);
        groups = 0;
        part.from = from;
        part.to = to;
        return CHILD_PART;
    }
    if (pid > 0)
        background++;
    return pid < 0;
}

static int run_list(int from, int to)
{
    int status = 0;
    while (from < to && !leaves(status)) {
        int end = line_find(from, to, IS(SEMICOLON) | IS(AMPERSAND));
        if (end < to && line_kind(end) == AMPERSAND)
            status = start_background(from, end);
        else
            status = run_chain(from, end, disposable && !leader && end + 1 >= to);
        from = end + 1;
    }
    return status;
}

// Whether the shell itself must see to parts of the line, rather than a child to all of it.
static int needs_shell(int from, int to)
{
    if (line_find(from, to, IS(AMPERSAND)) < to)
        return 1;
    while (from < to) {
        int end = line_find(from, to, IS(SEMICOLON) | IS(AND) | IS(OR));
        if (is_builtin(from, end))
            return 1;
        from = end + 1;
    }
    return 0;
}

int run_line(int count)
{
    int status = groups && !needs_shell(0, count) ? run_group(0, count, 0) : run_list(0, count);
    while (status == CHILD_PART)
        status = run_list(part.from, part.to);
    if (disposable)
        exit(status & 255); // -1 is for those that were killed
    return status;
}
