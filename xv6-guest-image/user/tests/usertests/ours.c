// The calls that other xv6 kernels have not. The network itself is nettest's; here only arguments.
#include "user/tests/usertests/tests.h"

static struct procinfo table[NPROC];

static const struct procinfo *find(int pid)
{
    int count = procinfo(table, NPROC);
    expect(count > 0 && count <= NPROC);
    for (int i = 0; i < count; i++)
        if (table[i].pid == pid)
            return &table[i];
    return 0;
}

void sysinfo_tells_of_the_machine(void)
{
    need_our_calls();
    struct sysinfo info, later;
    equal(sysinfo(&info), 0);
    expect(info.memory > 16 * 1024 * 1024 && info.freememory < info.memory);
    equal(info.memory % PGSIZE, 0);
    equal(info.freememory % PGSIZE, 0);
    expect(info.timebase > 0);
    expect(info.harts >= 1 && info.harts <= NCPU);
    expect(info.processes >= 3 && info.processes <= NPROC);
    pause(2);
    make_file("f", 5000, 1);
    equal(sysinfo(&later), 0);
    expect(later.uptime >= info.uptime + 2);
    expect(later.diskwrites > info.diskwrites);
    expect(later.diskreads >= info.diskreads);
}

void sysinfo_counts_memory_and_processes(void)
{
    need_our_calls();
    struct sysinfo before, with, after;
    sysinfo(&before);
    expect(sbrk(100 * PGSIZE) != SBRK_ERROR);
    sysinfo(&with);
    expect(before.freememory - with.freememory >= 100 * PGSIZE);
    expect(before.freememory - with.freememory <= 104 * PGSIZE);
    sbrk(-100 * PGSIZE);
    int pid = spawn();
    if (pid == 0)
        for (;;)
            pause(1000);
    sysinfo(&with);
    equal(with.processes, before.processes + 1);
    kill_and_reap(pid);
    sysinfo(&after);
    equal(after.processes, before.processes);
}

void procinfo_tells_of_this_process(void)
{
    need_our_calls();
    const struct procinfo *self = find(getpid());
    expect(self != 0);
    equal(self->state, RUNNING);
    equal(self->size, (uint64)sbrk(0));
    expect(strcmp(self->name, "usertests") == 0);
    const struct procinfo *first = find(1);
    expect(first != 0);
    expect(strcmp(first->name, "init") == 0);
}

void procinfo_tells_of_children(void)
{
    need_our_calls();
    int sleeping = spawn();
    if (sleeping == 0)
        for (;;)
            pause(1000);
    int spinning = spawn();
    if (spinning == 0)
        for (;;)
            ;
    int dead = spawn();
    if (dead == 0)
        exit(3);
    const struct procinfo *info;
    for (int i = 0; i < 100; i++) { // until all of them have come so far
        pause(1);
        info = find(spinning);
        if (info->ticks > 0 && (info = find(dead)) && info->state == ZOMBIE && find(sleeping)->state == SLEEPING)
            break;
    }
    info = find(sleeping);
    expect(info != 0);
    equal(info->state, SLEEPING);
    equal(info->ppid, getpid());
    info = find(spinning);
    expect(info != 0 && (info->state == RUNNING || info->state == RUNNABLE));
    expect(info->ticks > 0);
    info = find(dead);
    expect(info != 0);
    equal(info->state, ZOMBIE);
    kill(sleeping);
    kill(spinning);
    reap_any(0);
    reap_any(0);
    reap_any(0);
    expect(find(sleeping) == 0 && find(spinning) == 0 && find(dead) == 0);
}

void procinfo_fills_no_more_than_asked(void)
{
    need_our_calls();
    memset(table, 0x77, sizeof(table));
    int count = procinfo(table, 1);
    expect(count >= 3);
    equal(((char *)&table[1])[0], 0x77);
    expect(table[0].pid != 0x77777777);
    equal(procinfo(table, 0), count);
    expect(procinfo(table, 0x7fffffff) <= NPROC);
    expect(procinfo(table, -1) <= NPROC);
}

void pciread_reads_what_is_there_and_nothing_else(void)
{
    need_our_calls();
    long bridge = pciread(0, 0, 0); // every PCI host has one
    expect(bridge > 0 && bridge < 0xffffffff);
    equal(pciread(0, 0, 8) >> 24, 6); // base class: a bridge
    static const int wrong[][3] = {
        { -1, 0, 0 }, { 32, 0, 0 }, { 0, -1, 0 }, { 0, 8, 0 }, { 0, 7, 0 }, { 31, 0, 0 }, { 0, 0, -4 }, { 0, 0, 2 }, { 0, 0, 64 },
        { 1 << 30, 0, 0 }, { 0, 1 << 30, 0 }, { 0, 0, 1 << 30 },
    };
    for (int i = 0; i < (int)(sizeof wrong / sizeof *wrong); i++)
        equal(pciread(wrong[i][0], wrong[i][1], wrong[i][2]), -1);
}

void our_results_to_bad_pointers_fail(void)
{
    need_our_calls();
    uint64 bad;
    for (int i = 0; (bad = bad_address(i)) != 0; i++) {
        equal(sysinfo((struct sysinfo *)bad), -1);
        equal(procinfo((struct procinfo *)bad, 1), -1);
        equal(procinfo((struct procinfo *)bad, NPROC), -1);
        equal(netinfo((struct netinfo *)bad), -1);
        equal(netconfig((struct netconfig *)bad), -1);
        equal(ping((struct ping *)bad), -1);
        equal(rawsend((void *)bad, 60), -1);
    }
    char *text = (char *)PGROUNDDOWN((uint64)our_results_to_bad_pointers_fail);
    char before = *text;
    equal(sysinfo((struct sysinfo *)text), -1);
    equal(procinfo((struct procinfo *)text, 1), -1);
    equal(*text, before);
    char *end = page_end();
    equal(sysinfo((struct sysinfo *)(end - 8)), -1);
    equal(sysinfo((struct sysinfo *)(end - sizeof(struct sysinfo))), 0);
}

void orphans_have_init_as_their_parent(void)
{
    need_our_calls();
    int ends[2], grandchild;
    expect(pipe(ends) == 0);
    int pid = spawn();
    if (pid == 0) {
        grandchild = spawn();
        if (grandchild == 0)
            for (;;)
                pause(1000);
        write(ends[1], &grandchild, sizeof(grandchild));
        exit(0);
    }
    equal(read(ends[0], &grandchild, sizeof(grandchild)), (int)sizeof(grandchild));
    equal(reap(pid), 0);
    const struct procinfo *info = find(grandchild);
    expect(info != 0);
    equal(info->ppid, 1);
    equal(kill(grandchild), 0);
    for (int i = 0; i < 50 && find(grandchild); i++)
        pause(1);
    expect(find(grandchild) == 0);
}

void exec_gives_a_process_its_name(void)
{
    need_our_calls();
    char *arguments[] = {"another name", "=name", "usertests", 0};
    int pid = spawn();
    if (pid == 0) {
        exec(PROGRAM, arguments);
        exit(9);
    }
    equal(reap(pid), 0);
}

void init_and_nobody_are_not_killed(void)
{
    need_our_calls();
    equal(kill(1), -1);
    equal(kill(0), -1);
    pause(1);
    expect(find(1) != 0);
}

void setgroup_makes_a_group_of_its_own(void)
{
    need_our_calls();
    int before = find(getpid())->group;
    int pid = spawn();
    if (pid == 0) {
        equal(find(getpid())->group, before); // inherited
        equal(setgroup(0), 0);
        equal(find(getpid())->group, getpid());
        int group = getpid(), child = spawn();
        if (child == 0) {
            equal(find(getpid())->group, group);
            exit(0);
        }
        equal(reap(child), 0);
        exit(0);
    }
    equal(reap(pid), 0);
    equal(find(getpid())->group, before);
}

void power_refuses_what_it_does_not_know(void)
{
    need_our_calls();
    equal(power(2, 0), -1);
    equal(power(-1, 0), -1);
    equal(power(POWER_OFF, -1), -1);
    equal(power(POWER_OFF, 256), -1);
    equal(power(POWER_RESET, 1000), -1);
}

void network_calls_with_bad_arguments_fail(void)
{
    need_our_calls();
    char byte = 0;
    uint32 from;
    uint16 port;
    equal(unbind(40001), -1);
    equal(recv(40001, &from, &port, &byte, 1), -1);
    equal(rawsend(&byte, -1), -1);
    equal(rawsend(&byte, 13), -1);
    equal(rawsend(&byte, MAXFRAME + 1), -1);
    equal(rawrecv(&byte, -1, 0), -1);
    if (bind(40001) < 0)
        skip("no network");
    int pid = spawn();
    if (pid == 0) {
        equal(bind(40001), -1); // it is another's
        exit(0);
    }
    equal(reap(pid), 0);
    equal(unbind(40001), 0);
    equal(unbind(40001), -1);
}

void bound_ports_end_with_their_process(void)
{
    need_our_calls();
    if (bind(40002) < 0)
        skip("no network");
    equal(unbind(40002), 0);
    for (int i = 0; i < 3; i++) {
        int pid = spawn();
        if (pid == 0) {
            equal(bind(40002), 0);
            if (i == 1)
                kill(getpid());
            exit(0);
        }
        reap(pid);
    }
    equal(bind(40002), 0);
    equal(unbind(40002), 0);
}

void socket_triples_are_taken_once(void)
{
    need_our_calls();
    int fd = connect(0x7f000001, 40003, 40004);
    if (fd < 0)
        skip("no network");
    equal(connect(0x7f000001, 40003, 40004), -1);
    struct stat stat;
    equal(fstat(fd, &stat), -1);
    equal(close(fd), 0);
    fd = connect(0x7f000001, 40003, 40004);
    expect(fd >= 0);
    expect(write(fd, (char *)KERNBASE, 10) < 0);
    equal(close(fd), 0);
}

void reader_of_a_socket_can_be_killed(void)
{
    need_our_calls();
    int fd = connect(0x7f000001, 40005, 40006);
    if (fd < 0)
        skip("no network");
    int pid = spawn();
    if (pid == 0) {
        char byte;
        read(fd, &byte, 1);
        exit(0);
    }
    pause(1);
    kill_and_reap(pid);
    pid = spawn();
    if (pid == 0) {
        uint32 from;
        uint16 port;
        char byte;
        expect(bind(40007) == 0);
        recv(40007, &from, &port, &byte, 1);
        exit(0);
    }
    pause(1);
    kill_and_reap(pid);
}

// Counts that a user may read go on, and the tick is as long as it should be.
void time_passes_as_the_ticks_do(void)
{
    need_our_calls();
    struct sysinfo info;
    sysinfo(&info);
    int ticks = uptime();
    uint64 start = read_time(), cycles = read_cycles();
    pause(10);
    uint64 elapsed = read_time() - start;
    expect(read_cycles() > cycles);
    expect(uptime() - ticks >= 10);
    expect(elapsed >= info.timebase * 8 / 10); // ten tenths of a second, less the rest of the first tick
}
