// Text of the network's programs: numbers and hardware addresses read strictly, and columns.
#include "user/netlib.h"
#include "user/report.h"
#include "user/user.h"

int parse_range(const char *digits, uint64 least, uint64 most, uint64 *value)
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

    if (parse_range(digits, 1, 65535, &number) < 0)
        return -1;
    *port = number;
    return 0;
}

int number_option(int argc, char **argv, int *at, uint64 least, uint64 most, uint64 *value)
{
    const char *option = argv[*at];

    if (*at + 1 < argc && parse_range(argv[*at + 1], least, most, value) == 0) {
        ++*at;
        return 0;
    }
    warn("%s takes a number from %lu to %lu", option, least, most);
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
        text[3 * i] = "0123456789abcdef"[mac[i] >> 4];
        text[3 * i + 1] = "0123456789abcdef"[mac[i] & 15];
        text[3 * i + 2] = i < 5 ? ':' : 0;
    }
    return text;
}

void print_count(const char *label, uint64 value)
{
    printf("  %-34s%18lu\n", label, value);
}

void print_field(const char *label, const char *value)
{
    printf("  %-34s%18s\n", label, value);
}
