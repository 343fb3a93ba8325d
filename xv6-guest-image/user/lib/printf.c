// printf.
#include "user/output.h"
#include "user/user.h"

void output_flush(struct output *output)
{
    if (output->used > 0)
        write(output->fd, output->bytes, output->used);
    output->used = 0;
}

void output_byte(struct output *output, char byte)
{
    if (output->used == sizeof(output->bytes))
        output_flush(output);
    output->bytes[output->used++] = byte;
}

// What stands between % and the letter.
struct layout {
    int left;
    int zeros;
    int width;
    int precision; // -1: none
    int longs;     // how many l
};

static void put_repeated(struct output *output, char byte, int count)
{
    while (count-- > 0)
        output_byte(output, byte);
}

// prefix is a sign or 0x: before zeros, but after blanks.
static void put_field(struct output *output, const struct layout *layout, const char *prefix, const char *text,
                      int length)
{
    int prefix_length = strlen(prefix);
    int filling = layout->width - prefix_length - length;
    if (!layout->left && !layout->zeros)
        put_repeated(output, ' ', filling);
    while (*prefix)
        output_byte(output, *prefix++);
    if (!layout->left && layout->zeros)
        put_repeated(output, '0', filling);
    for (int i = 0; i < length; i++)
        output_byte(output, text[i]);
    if (layout->left)
        put_repeated(output, ' ', filling);
}

static void put_number(struct output *output, const struct layout *layout, uint64 value, uint base, const char *prefix,
                       const char *digits)
{
    char text[20]; // 2^64 has twenty decimal digits
    int start = sizeof(text);
    do {
        text[--start] = digits[value % base];
        value /= base;
    } while (value != 0);
    put_field(output, layout, prefix, text + start, sizeof(text) - start);
}

static void put_text(struct output *output, const struct layout *layout, const char *text)
{
    if (text == 0)
        text = "(null)";
    int length = 0;
    while (length != layout->precision && text[length])
        length++;
    struct layout blanks = *layout;
    blanks.zeros = 0;
    put_field(output, &blanks, "", text, length);
}

// A number or *, which takes it from the arguments.
static const char *parse_count(const char *format, int *count, va_list *arguments)
{
    if (*format == '*') {
        *count = va_arg(*arguments, int);
        return format + 1;
    }
    for (*count = 0; *format >= '0' && *format <= '9'; format++)
        *count = *count * 10 + (*format - '0');
    return format;
}

static const char *parse_layout(const char *format, struct layout *layout, va_list *arguments)
{
    *layout = (struct layout){.precision = -1};
    for (; *format == '-' || *format == '0'; format++) {
        layout->left |= *format == '-';
        layout->zeros |= *format == '0';
    }
    format = parse_count(format, &layout->width, arguments);
    if (layout->width < 0) {
        layout->left = 1;
        layout->width = -layout->width;
    }
    if (*format == '.')
        format = parse_count(format + 1, &layout->precision, arguments);
    for (; *format == 'l'; format++)
        layout->longs++;
    return format;
}

void output_format(struct output *output, const char *format, va_list list)
{
    static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
    struct layout layout;
    va_list arguments;
    va_copy(arguments, list);

    for (; *format; format++) {
        if (*format != '%') {
            output_byte(output, *format);
            continue;
        }
        const char *percent = format;
        format = parse_layout(format + 1, &layout, &arguments);
        if (*format == 'd' || *format == 'i') {
            long value = layout.longs ? va_arg(arguments, long) : va_arg(arguments, int);
            put_number(output, &layout, value < 0 ? -(uint64)value : (uint64)value, 10, value < 0 ? "-" : "", lower);
        } else if (*format == 'u' || *format == 'x' || *format == 'X') {
            uint64 value = layout.longs ? va_arg(arguments, uint64) : va_arg(arguments, uint);
            put_number(output, &layout, value, *format == 'u' ? 10 : 16, "", *format == 'X' ? upper : lower);
        } else if (*format == 'p') {
            layout = (struct layout){.zeros = 1, .width = 18};
            put_number(output, &layout, (uint64)va_arg(arguments, void *), 16, "0x", lower);
        } else if (*format == 's') {
            put_text(output, &layout, va_arg(arguments, const char *));
        } else if (*format == 'c') {
            char byte = va_arg(arguments, int);
            layout.zeros = 0;
            put_field(output, &layout, "", &byte, 1);
        } else if (*format == '%') {
            output_byte(output, '%');
        } else {
            // Nothing that is known: shown as it stands.
            while (percent < format)
                output_byte(output, *percent++);
            format--;
        }
    }
    va_end(arguments);
}

static void print_list(int fd, const char *format, va_list arguments)
{
    struct output output;
    output.fd = fd;
    output.used = 0;
    output_format(&output, format, arguments);
    output_flush(&output);
}

void fprintf(int fd, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_list(fd, format, arguments);
    va_end(arguments);
}

void printf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_list(1, format, arguments);
    va_end(arguments);
}
