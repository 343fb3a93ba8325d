// The console as a file. What is typed cannot be tested from here.
#include "user/tests/usertests/tests.h"

void console_is_a_device(void)
{
    struct stat stat;
    int fd = open("/console", O_RDWR);
    expect(fd >= 0);
    equal(fstat(fd, &stat), 0);
    equal(stat.type, T_DEVICE);
    equal(write(fd, "", 0), 0);
    equal(link("/console", "c"), 0);
    fd = open("c", O_WRONLY);
    expect(fd >= 0);
    char byte;
    equal(read(fd, &byte, 1), -1);
    equal(unlink("c"), 0);
}

void console_by_another_name(void)
{
    equal(mknod("mine", 1, 0), 0); // its major number
    int fd = open("mine", O_RDONLY);
    expect(fd >= 0);
    equal(write(fd, "x", 1), -1);
    close(fd);
    fd = open("mine", O_WRONLY);
    expect(fd >= 0);
    equal(write(fd, "", 0), 0);
    equal(unlink("mine"), 0);
}

void console_reader_can_be_killed(void)
{
    for (int i = 0; i < 3; i++) {
        int pid = spawn();
        if (pid == 0) {
            char byte;
            read(0, &byte, 1);
            exit(0);
        }
        pause(1);
        kill_and_reap(pid);
    }
}

void console_writer_can_be_killed(void)
{
    int pid = spawn();
    if (pid == 0) {
        for (;;)
            write(1, "", 0);
    }
    pause(1);
    kill_and_reap(pid);
}

void console_opened_by_many(void)
{
    for (int i = 0; i < 6; i++)
        if (spawn() == 0) {
            for (int k = 0; k < 50; k++) {
                int fd = open("/console", O_RDWR);
                expect(fd >= 0);
                equal(close(fd), 0);
            }
            exit(0);
        }
    reap_all(6);
}
