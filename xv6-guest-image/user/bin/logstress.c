// logstress [-n RECORDS] FILE...: a process for each file adds records to it, all at the same time, so that the log has
// much to do. A record is a line with its number and its file's name. For crash tests: whatever is on the disk
// afterwards is whole records in order.
#include "kernel/fcntl.h"
#include "kernel/fs.h"
#include "user/report.h"
#include "user/user.h"

#define RECORD 64 // bytes; divides a block, so that a record is written in one transaction

static char record[RECORD];

static void make_record(int number, const char *name)
{
    memset(record, '.', RECORD);
    for (int at = 7; at >= 0; at--, number /= 10)
        record[at] = '0' + number % 10;
    record[8] = ' ';
    int length = strlen(name);
    memcpy(record + 9, name, length < RECORD - 10 ? length : RECORD - 10);
    record[RECORD - 1] = '\n';
}

static void write_records(const char *name, int count)
{
    const int fitting = MAXFILE * (BSIZE / RECORD);
    int fd = -1;
    for (int number = 0; number < count; number++) {
        if (number % fitting == 0) {
            close(fd);
            fd = open(name, O_WRONLY | O_CREATE | O_TRUNC);
            if (fd < 0)
                fail("cannot make %s", name);
        }
        make_record(number, name);
        if (write(fd, record, RECORD) != RECORD)
            fail("cannot write record %d of %s", number, name);
    }
    close(fd);
}

int main(int argc, char **argv)
{
    int records = 250, first = 1, started = 0, status, failed = 0;
    if (argc > 1 && strcmp(argv[1], "-n") == 0) {
        if (argc < 3 || read_number(argv[2], 99999999, &records) < 0)
            usage("[-n RECORDS] FILE...");
        first = 3;
    }
    if (first >= argc)
        usage("[-n RECORDS] FILE...");
    for (int i = first; i < argc; i++) {
        int pid = fork();
        if (pid < 0) {
            warn("fork failed");
            failed = 1;
            break;
        }
        if (pid == 0) {
            write_records(argv[i], records);
            exit(0);
        }
        started++;
    }
    while (started-- > 0)
        failed |= wait(&status) < 0 || status != 0;
    return failed;
}
