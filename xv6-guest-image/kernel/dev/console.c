// The console: what is typed becomes lines, which can be corrected until they end; a few control characters act at
// once.
//   ^H, DEL  take back a byte          ^D  end of input            ^P  lists the processes
//   ^U       takes back the line       ^C  takes back the line and ends the foreground group; or, if that has ended,
//                                          gives an empty line, so that a shell that waits for one asks anew
#include "kernel/dev/console.h"
#include "kernel/dev/uart.h"
#include "kernel/fs/file.h"
#include "kernel/lock/spinlock.h"
#include "kernel/mem/vm.h"
#include "kernel/proc/proc.h"

#define CONTROL(letter) ((letter) - '@')
#define BACKSPACE '\b'
#define DELETE 0x7f

#define INPUT_SIZE 4096 // what is beyond is lost, so it is more than anybody types ahead

// Counts of bytes: taken by readers <= given to readers <= typed, and at most INPUT_SIZE between the first and the
// last.
static struct {
    struct spinlock lock;
    char bytes[INPUT_SIZE];
    uint taken, given, typed;
    int foreground;
} input;

// Waits for input, then takes what there is of the line, as far as it fits. A ^D that ends the line's part is taken
// only if it is alone: it makes a read return, and a read that returns nothing is the end.
static int take_line(char *to, int size, int *line_ended)
{
    int count = 0;
    *line_ended = 0;
    spin_acquire(&input.lock);
    while (input.taken == input.given) {
        if (proc_killed(proc_current())) {
            spin_release(&input.lock);
            return -1;
        }
        proc_sleep(&input.given, &input.lock);
    }
    while (count < size && input.taken != input.given && !*line_ended) {
        char byte = input.bytes[input.taken % INPUT_SIZE];
        *line_ended = byte == '\n' || byte == CONTROL('D');
        if (byte == CONTROL('D')) {
            if (count == 0)
                input.taken++;
            break;
        }
        input.taken++;
        to[count++] = byte;
    }
    spin_release(&input.lock);
    return count;
}

static int console_read(int user, uint64 to, int length)
{
    char piece[64];
    int done = 0, line_ended = 0;
    while (done < length && !line_ended) {
        int wanted = length - done < (int)sizeof(piece) ? length - done : (int)sizeof(piece);
        int count = take_line(piece, wanted, &line_ended);
        if (count < 0 || copy_to(user, to + done, piece, count) < 0)
            return -1;
        done += count;

        // Less than a line, because the input was full of it.
        if (count < wanted)
            break;
    }
    return done;
}

static int console_write(int user, uint64 from, int length)
{
    char piece[64];
    int done = 0;
    while (done < length) {
        int count = length - done < (int)sizeof(piece) ? length - done : (int)sizeof(piece);
        if (proc_killed(proc_current()) || copy_from(user, piece, from + done, count) < 0)
            return done > 0 ? done : -1;
        uart_write(piece, count);
        done += count;
    }
    return done;
}

void console_foreground(int group)
{
    spin_acquire(&input.lock);
    input.foreground = group;
    spin_release(&input.lock);
}

// Byte by byte from here on, with the lock.

static void take_back(void)
{
    input.typed--;
    uart_echo('\b');
    uart_echo(' ');
    uart_echo('\b');
}

static void take_back_line(void)
{
    while (input.typed != input.given)
        take_back();
}

static void give(void)
{
    input.given = input.typed;
    proc_wake(&input.given);
}

static void type(int byte)
{
    if (byte == '\r')
        byte = '\n';
    if (byte == 0 || input.typed - input.taken == INPUT_SIZE)
        return;
    input.bytes[input.typed++ % INPUT_SIZE] = byte;
    if (byte != CONTROL('D'))
        uart_echo(byte);

    // A full input would never see the line's end.
    if (byte == '\n' || byte == CONTROL('D') || input.typed - input.taken == INPUT_SIZE)
        give();
}

void console_receive(int byte)
{
    int list = 0, interrupt = 0, group = 0;

    spin_acquire(&input.lock);
    switch (byte) {
    case BACKSPACE:
    case DELETE:
        if (input.typed != input.given)
            take_back();
        break;
    case CONTROL('U'):
        take_back_line();
        break;
    case CONTROL('C'):
        input.typed = input.given;
        uart_echo('^');
        uart_echo('C');
        interrupt = 1;
        group = input.foreground;
        break;
    case CONTROL('P'):
        list = 1;
        break;
    default:
        type(byte);
    }
    spin_release(&input.lock);

    // Both take other locks, and the list is printed.
    if (list)
        proc_dump();
    if (interrupt) {
        int ended = proc_kill_group(group);
        spin_acquire(&input.lock);
        if (ended)
            uart_echo('\n');
        else
            type('\n');
        spin_release(&input.lock);
    }
}

void console_init(void)
{
    spin_init(&input.lock, "console");
    uart_init();
    devices[CONSOLE].read = console_read;
    devices[CONSOLE].write = console_write;
}
