// The system's tables, filled to their ends and emptied.
#include "user/tests/usertests/tests.h"

// So many more files as there may be, held by as many processes as it takes, while `meanwhile` runs in the last of
// them.
static int hold_files(int total, void (*meanwhile)(void))
{
    for (int fd = 3; fd < NOFILE; fd++)
        close(fd);
    int held = 0;
    while (held < NOFILE - 3 && open("/", O_RDONLY) >= 0)
        held++;
    total += held;
    if (held < NOFILE - 3) {
        meanwhile();
        return total;
    }
    int pid = spawn();
    if (pid == 0)
        exit(hold_files(total, meanwhile));
    return reap(pid);
}

static void nothing_opens(void)
{
    int ends[2];
    equal(open("/", O_RDONLY), -1);
    equal(open("new", O_CREATE | O_RDWR), -1);
    equal(pipe(ends), -1);
    expect(dup(0) >= 0); // needs no new one
    equal(mkdir("d"), 0); // nor does this
    equal(unlink("d"), 0);
    expect(chdir("/") == 0);
}

void all_open_files_and_back(void)
{
    int counts[3];
    for (int i = 0; i < 3; i++) {
        int pid = spawn();
        if (pid == 0)
            exit(hold_files(0, nothing_opens));
        counts[i] = reap(pid);
        unlink("new");
    }
    expect(counts[0] > NFILE / 2 && counts[0] < NFILE);
    expect(counts[2] >= counts[0]);
}

static void one_pipe_needs_two_files(void)
{
    close(3);
    int ends[2];
    equal(pipe(ends), -1);
    equal(open("/", O_RDONLY), 3);
}

void pipe_with_one_file_left_takes_none(void)
{
    int pid = spawn();
    if (pid == 0)
        exit(hold_files(0, one_pipe_needs_two_files));
    expect(reap(pid) > 0);
}

// More different files than the kernel keeps inodes for: some opens fail, nothing else.
static void open_different(int process, int *refused)
{
    char name[16];
    for (int fd = 3; fd < NOFILE; fd++)
        close(fd);
    for (int i = 0; i < NOFILE - 3; i++)
        *refused += open(number_name(name, "f", process * 16 + i), O_RDONLY) < 0;
    if (process < 5) {
        int pid = spawn();
        if (pid == 0) {
            open_different(process + 1, refused);
            exit(*refused);
        }
        *refused = reap(pid);
    } else {
        open("new", O_CREATE | O_RDWR);
        mkdir("newdir");
        chdir("..");
        char *arguments[] = {"usertests", "=status", "0", 0};
        int pid = spawn();
        if (pid == 0) {
            exec(PROGRAM, arguments);
            exit(1);
        }
        reap(pid);
    }
}

void more_open_inodes_than_there_are(void)
{
    need_our_calls();
    char name[16];
    for (int i = 0; i < 96; i++)
        touch(number_name(name, "f", i));
    for (int round = 0; round < 2; round++) {
        int pid = spawn();
        if (pid == 0) {
            int refused = 0;
            open_different(0, &refused);
            exit(refused);
        }
        expect(reap(pid) >= 6 * (NOFILE - 3) - NINODE);
    }
    for (int i = 0; i < 96; i++)
        expect(exists(number_name(name, "f", i)));
}

static void become_a_crowd(uint64 unused)
{
    (void)unused;
    int pid;
    while ((pid = fork()) > 0)
        ;
    if (pid == 0)
        for (;;)
            pause(1000);
    // Full: these fail, and do no harm.
    for (int i = 0; i < 10; i++)
        equal(fork(), -1);
    make_file("f", 2000, 1);
    check_file("f", 2000, 1);
    char *memory = sbrk(10 * PGSIZE);
    expect(memory != SBRK_ERROR);
    memory[0] = 1;
}

void all_processes_at_work(void)
{
    int pids[NPROC], count = 0;
    while (count < NPROC && (pids[count] = fork()) >= 0) {
        if (pids[count] == 0) {
            uint seed = getpid();
            for (;;) {
                sbrk(random_next(&seed) % (4 * PGSIZE));
                getpid();
                int ends[2];
                if (pipe(ends) == 0) {
                    close(ends[0]);
                    close(ends[1]);
                }
                sbrk(-(int)(random_next(&seed) % PGSIZE));
                pause(random_next(&seed) % 2);
            }
        }
        count++;
    }
    pause(5);
    for (int i = 0; i < count; i++)
        kill(pids[i]);
    for (int i = 0; i < count; i++)
        equal(reap_any(0), STATUS_KILLED);
    expect(count >= NPROC / 2);
}

// A crowd whose members nobody counts: its head ends, and they would stay with init for ever, so that it kills those
// it can know of.
void no_process_left(void)
{
    int self = getpid();
    int pid = spawn();
    if (pid == 0) {
        become_a_crowd(0);
        exit(getpid() - self > 0 ? 0 : 1);
    }
    equal(reap(pid), 0);
    int killed = 0;
    for (int other = pid + 1; killed < NPROC && other < pid + 4 * NPROC; other++)
        killed += kill(other) == 0;
    expect(killed >= NPROC / 2);
}
