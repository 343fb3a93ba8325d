// Work for a power cut, and the check of what it left.
//
// usertests -w N [WORKERS]
//     does N file operations, the same ones each time, below /crash, which must not exist. Prints `commit 0` when its
//     directories are made, `commit K` once operation K has returned, and `workload done` after the last. With several
//     WORKERS (2 to 4), each a process with a directory and N operations of its own, W from 0, the lines are
//     `commit W K`. Each line is one write.
//
// usertests -v [K…]
//     after the next boot: K is the last number each worker has printed, in order; `-` if it printed none. Exactly the
//     operations to K must be on the disk, or those and the one after it; of that one, if it is a write, also a part
//     from its start. (Longer writes are several transactions.) Prints `state J` or `state W J`, J being K or K + 1, or
//     with ` and a part` behind it, or `: not begun`; then `crash: ok`. Else `crash: FAILED: WHY`, and status 1.
//     Without K it looks for the first number of operations that fits what the disk holds, up to 2000. It also makes,
//     checks and removes a file, and leaves the rest as it was, so that it may run again.
#include "user/tests/usertests/crash.h"

#define MOST_WORKERS 4
#define MOST_SEARCHED 2000

static char *const bytes = room; // for the largest file

static void say_commit(const struct model *model, int workers)
{
    if (workers > 1)
        say("commit %d %d\n", model->worker, model->done);
    else
        say("commit %d\n", model->done);
}

static int open_surely(const char *path, int flags)
{
    int fd = open(path, flags);
    if (fd < 0)
        test_failed("cannot open %s", path);
    return fd;
}

static void perform(const struct model *model, const struct operation *operation)
{
    char path[32], path2[32];
    model_path(model, operation->directory, operation->name, path);
    int fd;
    switch (operation->kind) {
    case CREATE:
        close(open_surely(path, O_CREATE | O_RDWR));
        break;
    case WRITE:
        fd = open_surely(path, O_RDWR);
        equal(read(fd, bytes, operation->offset), operation->offset);
        fill(bytes, operation->length, operation->seed, operation->offset);
        equal(write(fd, bytes, operation->length), operation->length);
        close(fd);
        break;
    case TRUNCATE:
        close(open_surely(path, O_TRUNC | O_WRONLY));
        break;
    case UNLINK:
        equal(unlink(path), 0);
        break;
    case UNLINK_OPEN: // written to when it has no name any more: what a cut leaves of it must not stay
        fd = open_surely(path, O_RDWR);
        equal(unlink(path), 0);
        equal(write(fd, bytes, 5000), 5000);
        close(fd);
        break;
    case LINK:
        model_path(model, operation->directory2, operation->name2, path2);
        equal(link(path, path2), 0);
        break;
    case MAKE_DIRECTORY:
        model_path(model, operation->directory, -1, path);
        equal(mkdir(path), 0);
        break;
    case REMOVE_DIRECTORY:
        model_path(model, operation->directory, -1, path);
        equal(unlink(path), 0);
        break;
    }
}

static void work(int worker, int workers, int operations)
{
    static struct model model;
    char path[32];
    model_init(&model, worker);
    model_path(&model, 0, -1, path);
    equal(mkdir(path), 0);
    say_commit(&model, workers);
    while (model.done < operations) {
        struct operation operation = model_next(&model);
        perform(&model, &operation);
        model_apply(&model, &operation);
        say_commit(&model, workers);
    }
}

int crash_work(int count, char **arguments)
{
    int operations = count > 0 ? atoi(arguments[0]) : 0;
    int workers = count > 1 ? atoi(arguments[1]) : 1;
    test_name = "crash";
    if (operations < 1 || workers < 1 || workers > MOST_WORKERS) {
        say("usertests -w: how many operations, and by how many workers (1 to %d)?\n", MOST_WORKERS);
        return 2;
    }
    equal(mkdir("/crash"), 0);
    for (int w = 0; w < workers; w++)
        if (spawn() == 0) {
            work(w, workers, operations);
            exit(0);
        }
    reap_all(workers);
    say("workload done\n");
    return 0;
}

static void say_state(const struct model *model, int workers, const char *more)
{
    if (workers > 1)
        say("state %d %d%s\n", model->worker, model->done, more);
    else
        say("state %d%s\n", model->done, more);
}

// Where not even `commit 0` was printed, the directory may be there or not.
static int worker_began(const struct model *model)
{
    char path[32];
    model_path(model, 0, -1, path);
    return exists(path);
}

// known: -1 if the worker has printed nothing, -2 if the number is to be found.
static void verify(int worker, int workers, int known)
{
    static struct model model;
    model_init(&model, worker);
    if (known < 0 && !worker_began(&model)) {
        say_state(&model, workers, ": not begun");
        return;
    }
    int first = known < 0 ? 0 : known, last = known == -2 ? MOST_SEARCHED : first + 1;
    const char *why = 0, *why_first = 0;
    for (;;) {
        struct operation operation = model_next(&model);
        if (model.done >= first) {
            why = model_compare(&model, 0);
            if (!why) {
                say_state(&model, workers, "");
                return;
            }
            if (!why_first)
                why_first = why;
            if (model.done < last && operation.kind == WRITE && !model_compare(&model, &operation)) {
                say_state(&model, workers, " and a part");
                return;
            }
        }
        if (model.done == last)
            break;
        model_apply(&model, &operation);
    }
    if (known == -2)
        test_failed("worker %d: no number of operations leads to this", worker);
    test_failed("worker %d: after operation %d: %s; after the next: %s", worker, first, why_first, why);
}

int crash_verify(int count, char **arguments)
{
    char path[32];
    int workers = count > 0 ? count : 0;
    test_name = "crash";
    if (workers > MOST_WORKERS) {
        say("usertests -v: at most %d workers\n", MOST_WORKERS);
        return 2;
    }
    if (workers == 0) {
        while (workers < MOST_WORKERS && exists(number_name(path, "/crash/", workers)))
            workers++;
        if (workers == 0)
            workers = 1;
    }
    int failed = 0;
    for (int w = 0; w < workers; w++) {
        int known = count == 0 ? -2 : arguments[w][0] == '-' ? -1 : atoi(arguments[w]);
        int pid = spawn();
        if (pid == 0) {
            verify(w, workers, known);
            exit(0);
        }
        int status;
        wait(&status);
        failed |= status != 0;
    }
    make_file("/crash.after", 20 * BSIZE, 3);
    check_file("/crash.after", 20 * BSIZE, 3);
    equal(unlink("/crash.after"), 0);
    if (failed)
        return 1;
    say("crash: ok\n");
    return 0;
}
