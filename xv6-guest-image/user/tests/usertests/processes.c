// fork, exit, wait, kill, getpid, pause and uptime.
#include "user/tests/usertests/tests.h"

void fork_gives_the_childs_pid(void)
{
    int ends[2];
    expect(pipe(ends) == 0);
    int pid = spawn();
    if (pid == 0) {
        int mine = getpid();
        expect(write(ends[1], &mine, sizeof(mine)) == sizeof(mine));
        exit(0);
    }
    int told = 0;
    expect(read(ends[0], &told, sizeof(told)) == sizeof(told));
    equal(told, pid);
    expect(pid != getpid());
    equal(reap(pid), 0);
}

static int shared_word = 1;

void fork_copies_memory(void)
{
    static char array[3 * PGSIZE];
    int on_stack = 5;
    char *heap = sbrk(2 * PGSIZE);
    expect(heap != SBRK_ERROR);
    fill(array, sizeof(array), 1, 0);
    fill(heap, 2 * PGSIZE, 2, 0);
    int ends[2];
    expect(pipe(ends) == 0);
    int pid = spawn();
    if (pid == 0) {
        char byte;
        expect(read(ends[0], &byte, 1) == 1); // the parent has written to its own by now
        expect(same(array, sizeof(array), 1, 0) && same(heap, 2 * PGSIZE, 2, 0));
        expect(shared_word == 1 && on_stack == 5);
        shared_word = 2;
        fill(heap, 2 * PGSIZE, 3, 0);
        exit(0);
    }
    shared_word = 3;
    on_stack = 6;
    fill(array, sizeof(array), 4, 0);
    expect(write(ends[1], "x", 1) == 1);
    equal(reap(pid), 0);
    equal(shared_word, 3);
    expect(same(heap, 2 * PGSIZE, 2, 0) && same(array, sizeof(array), 4, 0));
}

void exit_status_reaches_wait(void)
{
    static const int statuses[] = {0, 1, 2, 127, 128, 255, 256, 65536, -1, -2, 0x7fffffff, (int)0x80000000};
    for (uint i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        int pid = spawn();
        if (pid == 0)
            exit(statuses[i]);
        equal(reap(pid), statuses[i]);
    }
}

void wait_without_children_fails(void)
{
    int status = 77;
    equal(wait(&status), -1);
    equal(wait(0), -1);
    equal(status, 77);
    int pid = spawn();
    if (pid == 0)
        exit(0);
    equal(wait(0), pid);
    equal(wait(0), -1);
}

void wait_gives_each_child_once(void)
{
    int pids[20], seen[20] = {0};
    for (int i = 0; i < 20; i++) {
        pids[i] = spawn();
        if (pids[i] == 0) {
            pause(i % 3);
            exit(100 + i);
        }
        for (int k = 0; k < i; k++)
            expect(pids[k] != pids[i]);
    }
    for (int i = 0; i < 20; i++) {
        int pid, status = reap_any(&pid);
        expect(status >= 100 && status < 120);
        equal(pid, pids[status - 100]);
        equal(seen[status - 100]++, 0);
    }
    equal(wait(0), -1);
}

void wait_is_for_own_children_only(void)
{
    int pid = spawn();
    if (pid == 0) {
        if (spawn() == 0) {
            pause(2);
            exit(9);
        }
        exit(3); // the grandchild goes to init
    }
    equal(reap(pid), 3);
    equal(wait(0), -1);
}

void orphans_go_to_init(void)
{
    // On a fast machine all those who pause do so at once: fewer than there are places.
    for (int i = 0; i < 40; i++) {
        int pid = spawn();
        if (pid == 0) {
            for (int k = 0; k < 3; k++)
                if (spawn() == 0) {
                    if (k == 1)
                        pause(1);
                    exit(0);
                }
            exit(0);
        }
        equal(reap(pid), 0);
    }
    equal(wait(0), -1);
}

void exit_leaves_zombies_to_init(void)
{
    for (int i = 0; i < 10; i++) {
        int pid = spawn();
        if (pid == 0) {
            for (int k = 0; k < 4; k++)
                if (spawn() == 0)
                    exit(k);
            pause(1); // by now they are zombies
            exit(0);
        }
        equal(reap(pid), 0);
    }
}

void exit_closes_descriptors(void)
{
    int ends[2];
    expect(pipe(ends) == 0);
    int pid = spawn();
    if (pid == 0) {
        expect(dup(ends[1]) >= 0);
        exit(0);
    }
    close(ends[1]);
    char byte;
    equal(read(ends[0], &byte, 1), 0);
    equal(reap(pid), 0);
}

static int fork_tree(int depth)
{
    if (depth == 0)
        return 1;
    int first = spawn();
    if (first == 0)
        exit(fork_tree(depth - 1));
    int second = spawn();
    if (second == 0)
        exit(fork_tree(depth - 1));
    int sum = reap_any(0);
    return sum + reap_any(0);
}

void a_tree_of_forks_adds_up(void)
{
    equal(fork_tree(4), 16);
    equal(fork_tree(4), 16);
}

static void fork_exit_wait(int times)
{
    for (int i = 0; i < times; i++) {
        int pid = spawn();
        if (pid == 0)
            exit(i);
        equal(reap(pid), i);
    }
}

void fork_exit_wait_many_times(void)
{
    fork_exit_wait(300);
}

void fork_exit_wait_on_all_harts(void)
{
    for (int i = 0; i < 6; i++)
        if (spawn() == 0) {
            fork_exit_wait(60);
            exit(0);
        }
    reap_all(6);
}

void fork_exit_wait_for_long(void)
{
    for (int i = 0; i < 8; i++)
        if (spawn() == 0) {
            fork_exit_wait(1500);
            exit(0);
        }
    reap_all(8);
}

// How many children there can be; all of them stand still until killed.
static int fork_until_full(void)
{
    int pids[NPROC + 1], count = 0;
    for (; count <= NPROC; count++) {
        pids[count] = fork();
        if (pids[count] < 0)
            break;
        if (pids[count] == 0) {
            for (;;)
                pause(1000);
        }
    }
    for (int i = 0; i < count; i++)
        equal(kill(pids[i]), 0);
    for (int i = 0; i < count; i++)
        equal(reap_any(0), STATUS_KILLED);
    return count;
}

void fork_until_full_and_again(void)
{
    int first = fork_until_full();
    expect(first >= NPROC / 2 && first < NPROC);
    int second = fork_until_full();
    expect(second >= first); // init may have had something to clear away
    equal(wait(0), -1);
}

static void pause_for_ever(uint64 unused)
{
    (void)unused;
    for (;;)
        pause(1000000);
}

static void spin(uint64 unused)
{
    (void)unused;
    for (volatile uint64 count = 0;; count++)
        ;
}

static void wait_for_ever(uint64 unused)
{
    (void)unused;
    if (spawn() == 0) {
        pause(5); // outlives its parent a little
        exit(0);
    }
    wait(0);
    for (;;)
        wait(0);
}

static void read_for_ever(uint64 unused)
{
    (void)unused;
    int ends[2];
    char byte;
    expect(pipe(ends) == 0);
    read(ends[0], &byte, 1);
    exit(0);
}

static void write_for_ever(uint64 unused)
{
    (void)unused;
    int ends[2];
    expect(pipe(ends) == 0);
    while (write(ends[1], "abcdefgh", 8) == 8)
        ;
    exit(0);
}

static void call_for_ever(uint64 unused)
{
    (void)unused;
    for (;;)
        getpid();
}

static void use_disk_for_ever(uint64 unused)
{
    (void)unused;
    for (;;) {
        make_file("killed", 5000, 1);
        unlink("killed");
    }
}

static void grow_for_ever(uint64 unused)
{
    (void)unused;
    for (;;) {
        sbrk(40 * PGSIZE);
        sbrk(-40 * PGSIZE);
    }
}

static void kill_while(void (*deed)(uint64), int ticks)
{
    int pid = spawn();
    if (pid == 0) {
        deed(0);
        exit(0);
    }
    pause(ticks);
    kill_and_reap(pid);
}

void kill_ends_a_pausing_process(void)
{
    kill_while(pause_for_ever, 1);
    kill_while(pause_for_ever, 0);
}

void kill_ends_a_spinning_process(void)
{
    kill_while(spin, 1);
    kill_while(spin, 0);
}

void kill_ends_a_waiting_process(void)
{
    int pid = spawn();
    if (pid == 0) {
        wait_for_ever(0);
        exit(0);
    }
    pause(1);
    kill_and_reap(pid);
}

void kill_ends_a_reader_of_a_pipe(void)
{
    kill_while(read_for_ever, 1);
}

void kill_ends_a_writer_to_a_pipe(void)
{
    kill_while(write_for_ever, 1);
}

void kill_ends_a_process_between_calls(void)
{
    kill_while(call_for_ever, 1);
}

void kill_ends_a_process_at_the_disk(void)
{
    for (int i = 0; i < 5; i++) {
        kill_while(use_disk_for_ever, i % 3);
        unlink("killed");
    }
}

void kill_ends_a_growing_process(void)
{
    for (int i = 0; i < 4; i++)
        kill_while(grow_for_ever, i % 2);
}

void kill_of_a_zombie_keeps_its_status(void)
{
    int ends[2];
    char byte;
    expect(pipe(ends) == 0);
    int pid = spawn();
    if (pid == 0)
        exit(12);
    close(ends[1]);
    equal(read(ends[0], &byte, 1), 0); // it has closed its end, so that it is past all that a kill can change
    pause(1);
    kill(pid); // allowed or not
    equal(reap(pid), 12);
    equal(kill(pid), -1);
}

void kill_of_nobody_fails(void)
{
    int pid = spawn();
    if (pid == 0)
        exit(0);
    equal(reap(pid), 0);
    equal(kill(pid), -1);
    equal(kill(-1), -1);
    equal(kill(-getpid()), -1);
    equal(kill(0x7fffffff), -1);
    equal(kill((int)0x80000000), -1);
}

void kill_of_oneself_ends_at_once(void)
{
    int pid = spawn();
    if (pid == 0) {
        kill(getpid());
        exit(5);
    }
    equal(reap(pid), STATUS_KILLED);
}

void kill_twice_is_once(void)
{
    int pid = spawn();
    if (pid == 0)
        pause_for_ever(0);
    kill(pid);
    kill(pid);
    equal(reap(pid), STATUS_KILLED);
    equal(wait(0), -1);
}

void kill_right_after_fork(void)
{
    for (int i = 0; i < 50; i++) {
        int pid = spawn();
        if (pid == 0)
            call_for_ever(0);
        kill_and_reap(pid);
    }
}

void kill_many_at_once(void)
{
    static void (*const deeds[])(uint64) = {pause_for_ever, spin,          read_for_ever,
                                            write_for_ever, call_for_ever, grow_for_ever};
    int pids[24];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 24; i++) {
            pids[i] = spawn();
            if (pids[i] == 0) {
                deeds[i % 6](0);
                exit(0);
            }
        }
        pause(round);
        for (int i = 0; i < 24; i++)
            equal(kill(pids[i]), 0);
        for (int i = 0; i < 24; i++)
            equal(reap_any(0), STATUS_KILLED);
    }
}

void killed_parent_leaves_its_children(void)
{
    int ends[2];
    expect(pipe(ends) == 0);
    int pid = spawn();
    if (pid == 0) {
        if (spawn() == 0) {
            pause(4);
            expect(write(ends[1], "y", 1) == 1);
            exit(0);
        }
        expect(write(ends[1], "x", 1) == 1);
        pause_for_ever(0);
    }
    char byte = 0;
    equal(read(ends[0], &byte, 1), 1); // the grandchild is there
    kill_and_reap(pid);
    close(ends[1]);
    equal(read(ends[0], &byte, 1), 1); // it went on without its parent
    equal(byte, 'y');
    equal(read(ends[0], &byte, 1), 0);
}

void spinning_processes_are_preempted(void)
{
    int pids[2 * NCPU];
    for (int i = 0; i < 2 * NCPU; i++) {
        pids[i] = spawn();
        if (pids[i] == 0)
            spin(0);
    }
    int start = uptime();
    for (int i = 0; i < 5; i++) {
        pause(1);
        expect(getpid() > 0);
    }
    expect(uptime() - start >= 5);
    for (int i = 0; i < 2 * NCPU; i++)
        equal(kill(pids[i]), 0);
    for (int i = 0; i < 2 * NCPU; i++)
        equal(reap_any(0), STATUS_KILLED);
}

void all_runnable_processes_get_on(void)
{
    for (int i = 0; i < 2 * NCPU; i++)
        if (spawn() == 0) {
            int end = uptime() + 4;
            while (uptime() < end)
                for (volatile int k = 0; k < 10000; k++)
                    ;
            exit(0);
        }
    reap_all(2 * NCPU);
}

void pause_lasts_as_long_as_asked(void)
{
    for (int ticks = 1; ticks <= 5; ticks += 2) {
        int start = uptime();
        equal(pause(ticks), 0);
        expect(uptime() - start >= ticks);
    }
}

void pause_for_nothing_returns(void)
{
    int start = uptime();
    for (int i = 0; i < 50; i++)
        equal(pause(0), 0);
    pause(-1);
    pause((int)0x80000000);
    expect(uptime() - start < 600);
}

void pause_wakes_all_in_order(void)
{
    int ends[2];
    expect(pipe(ends) == 0);
    for (int i = 4; i >= 0; i--)
        if (spawn() == 0) {
            char place = i;
            pause(3 + 3 * i);
            write(ends[1], &place, 1);
            exit(0);
        }
    for (int i = 0; i < 5; i++) {
        char place;
        expect(read(ends[0], &place, 1) == 1);
        equal(place, i);
    }
    reap_all(5);
}

void uptime_does_not_go_back(void)
{
    int last = uptime();
    for (int i = 0; i < 2000; i++) {
        int now = uptime();
        expect(now >= last);
        last = now;
    }
    pause(2);
    expect(uptime() >= last + 2);
}
