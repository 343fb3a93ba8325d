// Pipes.
#include "user/tests/usertests/tests.h"

#define PIPE_BYTES 512 // what fits into one

static void make_pipe(int ends[2])
{
    if (pipe(ends) < 0)
        test_failed("no pipe");
}

// Reads until so many bytes are there.
static int read_all(int fd, char *bytes, int length)
{
    int done = 0, now;
    while (done < length && (now = read(fd, bytes + done, length - done)) > 0)
        done += now;
    return done;
}

void pipe_passes_bytes_in_order(void)
{
    int ends[2];
    make_pipe(ends);
    char sent[200], got[200];
    for (int length = 1; length <= 200; length += 7) {
        fill(sent, length, length, 0);
        equal(write(ends[1], sent, length), length);
        memset(got, 0, sizeof(got));
        equal(read(ends[0], got, sizeof(got)), length); // what is there, not what was asked
        expect(same(got, length, length, 0));
    }
}

void pipe_gives_what_was_asked_and_keeps_the_rest(void)
{
    int ends[2];
    char got[8];
    make_pipe(ends);
    equal(write(ends[1], "abcdefghij", 10), 10);
    equal(read(ends[0], got, 3), 3);
    expect(memcmp(got, "abc", 3) == 0);
    equal(read(ends[0], got, 5), 5);
    expect(memcmp(got, "defgh", 5) == 0);
    equal(read(ends[0], got, 8), 2);
    expect(memcmp(got, "ij", 2) == 0);
}

void pipe_ends_have_one_direction(void)
{
    int ends[2];
    char byte = 'x';
    make_pipe(ends);
    equal(write(ends[0], &byte, 1), -1);
    equal(read(ends[1], &byte, 1), -1);
    struct stat stat;
    equal(fstat(ends[0], &stat), -1);
    equal(fstat(ends[1], &stat), -1);
}

void pipe_has_room_without_a_reader(void)
{
    static char bytes[PIPE_BYTES];
    int ends[2];
    make_pipe(ends);
    equal(write(ends[1], bytes, PIPE_BYTES), PIPE_BYTES);
    equal(read(ends[0], bytes, PIPE_BYTES), PIPE_BYTES);
    equal(write(ends[1], bytes, PIPE_BYTES), PIPE_BYTES);
}

void pipe_ends_when_all_writers_have_closed(void)
{
    int ends[2];
    char got[4];
    make_pipe(ends);
    int other = dup(ends[1]);
    equal(write(other, "ab", 2), 2);
    close(ends[1]);
    equal(write(other, "c", 1), 1);
    close(other);
    equal(read(ends[0], got, 4), 3);
    equal(read(ends[0], got, 4), 0);
    equal(read(ends[0], got, 4), 0);
}

void pipe_without_a_reader_refuses(void)
{
    int ends[2];
    make_pipe(ends);
    close(ends[0]);
    equal(write(ends[1], "a", 1), -1);
    equal(write(ends[1], "a", 1), -1);
}

void pipe_closed_by_the_last_reader_wakes_the_writer(void)
{
    static char bytes[3 * PIPE_BYTES];
    int ends[2];
    make_pipe(ends);
    int pid = spawn();
    if (pid == 0) {
        close(ends[0]);
        exit(write(ends[1], bytes, sizeof(bytes)) == sizeof(bytes) ? 1 : 0);
    }
    pause(1);
    close(ends[0]);
    equal(reap(pid), 0);
}

void pipe_closed_by_the_last_writer_wakes_the_reader(void)
{
    int ends[2];
    make_pipe(ends);
    int pid = spawn();
    if (pid == 0) {
        char byte;
        close(ends[1]);
        exit(read(ends[0], &byte, 1));
    }
    pause(1);
    close(ends[1]);
    equal(reap(pid), 0);
}

// Sends total bytes in pieces, which a child receives in pieces of another length.
static void transfer(int total, int send_piece, int receive_piece)
{
    char *bytes = room;
    int ends[2];
    make_pipe(ends);
    int pid = spawn();
    if (pid == 0) {
        close(ends[1]);
        int done = 0, now;
        while ((now = read(ends[0], bytes, receive_piece)) > 0) {
            expect(now <= receive_piece && same(bytes, now, 5, done));
            done += now;
        }
        equal(now, 0);
        equal(done, total);
        exit(0);
    }
    close(ends[0]);
    for (int done = 0; done < total;) {
        int now = total - done < send_piece ? total - done : send_piece;
        fill(bytes, now, 5, done);
        equal(write(ends[1], bytes, now), now);
        done += now;
    }
    close(ends[1]);
    equal(reap(pid), 0);
}

void pipe_passes_much_in_pieces_of_any_length(void)
{
    static const int lengths[] = {1, 3, 100, 511, 512, 513, 1024, 4095, 4096, 5000, 8192};
    for (uint i = 0; i < 11; i++) {
        int receive = lengths[(i * 7 + 3) % 11], most = receive < 100 ? 1500 : 30000;
        transfer(lengths[i] * 20 + 1 < most ? lengths[i] * 20 + 1 : most, lengths[i], receive);
        transfer(10000, lengths[10 - i] > 50 ? lengths[10 - i] : 51, 777);
    }
}

void pipe_passes_much(void)
{
    transfer(200000, 8192, 8192);
    transfer(200000, 4095, 513);
}

void pipe_there_and_back(void)
{
    int to[2], from[2];
    make_pipe(to);
    make_pipe(from);
    int pid = spawn();
    if (pid == 0) {
        int number;
        close(to[1]);
        while (read(to[0], &number, sizeof(number)) == sizeof(number)) {
            number = number * 3 + 1;
            write(from[1], &number, sizeof(number));
        }
        exit(0);
    }
    close(to[0]);
    for (int i = 0; i < 1000; i++) {
        int number = i;
        equal(write(to[1], &number, sizeof(number)), (int)sizeof(number));
        equal(read(from[0], &number, sizeof(number)), (int)sizeof(number));
        equal(number, i * 3 + 1);
    }
    close(to[1]);
    equal(reap(pid), 0);
    close(from[0]);
    close(from[1]);
}

#define RING 10

void pipe_ring_passes_a_token(void)
{
    int first[2], in, out;
    make_pipe(first);
    in = first[0];
    for (int i = 0; i < RING; i++) {
        int ends[2];
        make_pipe(ends);
        if (spawn() == 0) {
            close(first[1]);
            close(ends[0]);
            int token;
            while (read(in, &token, sizeof(token)) == sizeof(token)) {
                token++;
                write(ends[1], &token, sizeof(token));
            }
            exit(0);
        }
        close(in);
        close(ends[1]);
        in = ends[0];
    }
    out = first[1];
    int token = 0;
    for (int round = 1; round <= 100; round++) {
        equal(write(out, &token, sizeof(token)), (int)sizeof(token));
        equal(read(in, &token, sizeof(token)), (int)sizeof(token));
        equal(token, round * RING);
    }
    close(out);
    reap_all(RING);
}

#define WRITERS 5
#define RECORDS 300

struct record {
    int writer, number;
    uint check, filler;
};

// Records whose length divides the pipe's: room for one is room for all of it.
void pipe_keeps_records_of_many_writers_whole(void)
{
    int ends[2];
    make_pipe(ends);
    for (int w = 0; w < WRITERS; w++)
        if (spawn() == 0) {
            for (int i = 0; i < RECORDS; i++) {
                struct record record = {w, i, w * 7919 + i, ~(uint)i};
                equal(write(ends[1], &record, sizeof(record)), (int)sizeof(record));
            }
            exit(0);
        }
    close(ends[1]);
    int next[WRITERS] = {0};
    struct record record;
    for (int i = 0; i < WRITERS * RECORDS; i++) {
        equal(read_all(ends[0], (char *)&record, sizeof(record)), (int)sizeof(record));
        expect(record.writer >= 0 && record.writer < WRITERS);
        equal(record.number, next[record.writer]++);
        equal(record.check, (uint)(record.writer * 7919 + record.number));
        equal(record.filler, ~(uint)record.number);
    }
    equal(read(ends[0], &record, sizeof(record)), 0);
    reap_all(WRITERS);
}

void pipe_gives_each_byte_to_one_reader(void)
{
    int data[2], answers[2];
    make_pipe(data);
    make_pipe(answers);
    for (int r = 0; r < 4; r++)
        if (spawn() == 0) {
            uchar bytes[33];
            uint sum = 0, now;
            close(data[1]);
            while ((int)(now = read(data[0], bytes, sizeof(bytes))) > 0)
                for (uint i = 0; i < now; i++)
                    sum += 1000 + bytes[i];
            write(answers[1], &sum, sizeof(sum));
            exit(0);
        }
    uint sent = 0;
    for (int i = 0; i < 5000; i++) {
        uchar byte = i * 13;
        equal(write(data[1], &byte, 1), 1);
        sent += 1000 + byte;
    }
    close(data[1]);
    uint received = 0;
    for (int r = 0; r < 4; r++) {
        uint sum;
        equal(read(answers[0], &sum, sizeof(sum)), (int)sizeof(sum));
        received += sum;
    }
    equal(received, sent);
    reap_all(4);
}

void pipe_survives_a_killed_reader(void)
{
    int ends[2];
    char byte;
    make_pipe(ends);
    for (int i = 0; i < 5; i++) {
        int pid = spawn();
        if (pid == 0) {
            read(ends[0], &byte, 1);
            exit(0);
        }
        pause(i % 2);
        kill_and_reap(pid);
    }
    equal(write(ends[1], "z", 1), 1);
    equal(read(ends[0], &byte, 1), 1);
    equal(byte, 'z');
}

void pipe_survives_a_killed_writer(void)
{
    static char bytes[2 * PIPE_BYTES];
    int ends[2];
    make_pipe(ends);
    int pid = spawn();
    if (pid == 0) {
        write(ends[1], bytes, sizeof(bytes));
        exit(0);
    }
    equal(read(ends[0], bytes, 1), 1); // it has begun
    pause(1);
    kill_and_reap(pid);
    close(ends[1]);
    int left = read_all(ends[0], bytes, sizeof(bytes));
    expect(left > 0 && left < (int)sizeof(bytes) - 1);
    equal(read(ends[0], bytes, 1), 0);
}

void pipe_without_descriptors_fails_and_takes_none(void)
{
    int ends[2], fds[NOFILE], count = 0;
    while ((fds[count] = dup(0)) >= 0)
        count++;
    equal(pipe(ends), -1);
    close(fds[0]);
    equal(pipe(ends), -1); // one is not enough
    equal(dup(0), fds[0]);
    close(fds[0]);
    close(fds[1]);
    equal(pipe(ends), 0);
    expect((ends[0] == fds[0] && ends[1] == fds[1]) || (ends[0] == fds[1] && ends[1] == fds[0]));
    equal(write(ends[1], "q", 1), 1);
}

void pipes_made_and_closed_many_times(void)
{
    for (int i = 0; i < 500; i++) {
        int ends[2];
        make_pipe(ends);
        equal(write(ends[1], "data", 4), 4);
        close(ends[i % 2]);
        close(ends[1 - i % 2]);
    }
}

// Each number that passes all sieves so far is a prime, and makes a process with the next sieve.
static int sieve(int in, int primes)
{
    int prime, number, ends[2];
    if (read(in, &prime, sizeof(prime)) != sizeof(prime))
        return primes;
    make_pipe(ends);
    int pid = spawn();
    if (pid == 0) {
        close(ends[1]);
        close(in);
        exit(sieve(ends[0], primes + 1));
    }
    close(ends[0]);
    while (read(in, &number, sizeof(number)) == sizeof(number))
        if (number % prime)
            equal(write(ends[1], &number, sizeof(number)), (int)sizeof(number));
    close(ends[1]);
    return reap(pid);
}

void pipe_sieve_finds_the_primes(void)
{
    int ends[2];
    make_pipe(ends);
    int pid = spawn();
    if (pid == 0) {
        close(ends[1]);
        exit(sieve(ends[0], 0));
    }
    close(ends[0]);
    for (int number = 2; number < 100; number++)
        equal(write(ends[1], &number, sizeof(number)), (int)sizeof(number));
    close(ends[1]);
    equal(reap(pid), 25);
}

void pipe_ping_pong_for_long(void)
{
    for (int i = 0; i < 4; i++)
        if (spawn() == 0) {
            for (int k = 0; k < 8; k++)
                pipe_there_and_back();
            transfer(1 << 20, 4096, 4096);
            exit(0);
        }
    reap_all(4);
}
