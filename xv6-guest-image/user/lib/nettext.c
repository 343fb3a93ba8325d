// Text of the network's programs: numbers and hardware addresses read strictly, and columns.
#include "user/netlib.h"
#include "user/user.h"

int parse_number(const char *digits, uint64 least, uint64 most, uint64 *value)
{
    uint64 number = 0;

    if (!*digits)
        return -1;
    for (; *digits; digits++) {
        if (*digits < '0' || *digits > '9')
            return -1;
        uint64 digit = *digits - '0';
        if (number > (most - digit) / 10 || digit > most)
            return -1;
        number = number * 10 + digit;
    }
    if (number < least)
        return -1;
    *value = number;
    return 0;
}

int parse_port(const char *digits, uint16 *port)
{
    uint64 number;

    if (parse_number(digits, 1, 65535, &number) < 0)
        return -1;
    *port = number;
    return 0;
}

int number_option(int argc, char **argv, int *at, uint64 least, uint64 most, uint64 *value)
{
    const char *option = argv[*at];

    if (*at + 1 < argc && parse_number(argv[*at + 1], least, most, value) == 0) {
        ++*at;
        return 0;
    }
    fprintf(2, "%s: %s takes a number from %lu to %lu\n", argv[0], option, least, most);
    return -1;
}

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int parse_mac(const char *text, uchar mac[6])
{
    for (int i = 0; i < 6; i++) {
        int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0 || text[2] != (i < 5 ? ':' : 0))
            return -1;
        mac[i] = high << 4 | low;
        text += 3;
    }
    return 0;
}

char *format_mac(const uchar mac[6], char text[18])
{
    for (int i = 0; i < 6; i++) {
        format_hex(mac[i], 2, text + 3 * i);
        text[3 * i + 2] = i < 5 ? ':' : 0;
    }
    return text;
}

char *format_number(uint64 value, char text[21])
{
    char reversed[20];
    int length = 0;

    do {
        reversed[length++] = '0' + value % 10;
        value /= 10;
    } while (value);
    for (int i = 0; i < length; i++)
        text[i] = reversed[length - 1 - i];
    text[length] = 0;
    return text;
}

char *format_hex(uint64 value, int digits, char text[17])
{
    text[digits] = 0;
    for (int i = digits - 1; i >= 0; i--, value >>= 4)
        text[i] = "0123456789abcdef"[value & 15];
    return text;
}

static void print_spaces(int count)
{
    while (count-- > 0)
        printf(" ");
}

void print_left(const char *text, int width)
{
    printf("%s", text);
    print_spaces(width - (int)strlen(text));
}

void print_right(const char *text, int width)
{
    print_spaces(width - (int)strlen(text));
    printf("%s", text);
}

void print_count(const char *label, uint64 value)
{
    char digits[21];

    printf("  ");
    print_left(label, 34);
    print_right(format_number(value, digits), 18);
    printf("\n");
}
