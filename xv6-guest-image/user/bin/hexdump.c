// hexdump [FILE]: writes bytes as numbers and as characters, sixteen to a line.
#include "kernel/fcntl.h"
#include "user/output.h"
#include "user/report.h"
#include "user/user.h"

#define ROW 16

static void put(struct output *output, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    output_format(output, format, arguments);
    va_end(arguments);
}

static void show_row(uint offset, const uchar *bytes, int length)
{
    struct output output;
    output.fd = 1;
    output.used = 0;
    put(&output, "%08x ", offset);
    for (int i = 0; i < ROW; i++) {
        put(&output, i == ROW / 2 ? "  " : " ");
        if (i < length)
            put(&output, "%02x", bytes[i]);
        else
            put(&output, "  ");
    }
    put(&output, "  |");
    for (int i = 0; i < length; i++)
        output_byte(&output, bytes[i] >= ' ' && bytes[i] < 0x7f ? bytes[i] : '.');
    put(&output, "|\n");
    output_flush(&output);
}

// A row, though a pipe may give less at a time.
static int read_row(int fd, uchar *row)
{
    int length = 0, got;
    while (length < ROW && (got = read(fd, row + length, ROW - length)) != 0) {
        if (got < 0)
            fail("read error");
        length += got;
    }
    return length;
}

int main(int argc, char **argv)
{
    if (argc > 2)
        usage("[FILE]");
    int fd = argc == 2 ? open(argv[1], O_RDONLY) : 0;
    if (fd < 0)
        fail("cannot open %s", argv[1]);

    uchar row[ROW];
    uint offset = 0;
    int length;
    while ((length = read_row(fd, row)) > 0) {
        show_row(offset, row, length);
        offset += length;
    }
    printf("%08x\n", offset);
    return 0;
}
