// DNS messages. Everything in an answer is a stranger's: each length is checked against the message before it is used.
#include "user/dns.h"
#include "user/netlib.h"
#include "user/user.h"

// RFC 1035 "Header section format"
#define HEADER 12
#define FLAG_RESPONSE 0x8000
#define FLAG_OPCODE 0x7800
#define FLAG_TRUNCATED 0x0200
#define FLAG_RECURSION_DESIRED 0x0100
#define FLAG_CODE 0x000f
#define CODE_NO_NAME 3

#define TYPE_A 1
#define TYPE_CNAME 5
#define CLASS_IN 1

#define MAX_ALIASES 8

static uchar lower(uchar c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static int name_length(const uchar *name)
{
    int length = 0;

    while (name[length])
        length += 1 + name[length];
    return length + 1;
}

static int same_name(const uchar *a, const uchar *b)
{
    int length = name_length(a);

    // Lengths of labels are below 64, so lower leaves them alone.
    for (int i = 0; i < length; i++)
        if (lower(a[i]) != lower(b[i]))
            return 0;
    return 1;
}

// What host names are made of (RFC 1123 "Host Names and Numbers"), and the underscore, which is in use.
static int name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

int dns_name_parse(const char *text, uchar name[DNS_NAME])
{
    int length = 0, numeric = 1;

    while (*text) {
        int label = 0;
        numeric = 1;
        while (text[label] && text[label] != '.') {
            if (!name_character(text[label]))
                return -1;
            if (text[label] < '0' || text[label] > '9')
                numeric = 0;
            label++;
        }
        if (label < 1 || label > 63 || length + 1 + label + 1 > DNS_NAME)
            return -1;
        name[length] = label;
        memcpy(name + length + 1, text, label);
        length += 1 + label;
        text += label;
        if (*text == '.')
            text++;
    }
    name[length] = 0;
    // An address that is badly written is no name: no top-level domain is a number.
    return length == 0 || numeric ? -1 : length + 1;
}

void dns_name_format(const uchar *name, char text[4 * DNS_NAME])
{
    for (int label = *name++; label; label = *name++) {
        for (; label > 0; label--, name++) {
            if (name_character(*name)) {
                *text++ = *name;
                continue;
            }
            *text++ = '\\';
            *text++ = '0' + *name / 100;
            *text++ = '0' + *name / 10 % 10;
            *text++ = '0' + *name % 10;
        }
        if (*name)
            *text++ = '.';
    }
    *text = 0;
}

int dns_question(uint16 id, const uchar *name, uchar message[DNS_MESSAGE])
{
    int length = name_length(name);

    memset(message, 0, HEADER);
    put16(message, id);
    put16(message + 2, FLAG_RECURSION_DESIRED);
    put16(message + 4, 1);
    memcpy(message + HEADER, name, length);
    put16(message + HEADER + length, TYPE_A);
    put16(message + HEADER + length + 2, CLASS_IN);
    return HEADER + length + 4;
}

// Where in a message we are.
struct cursor {
    const uchar *message;
    int length;
    int at;
};

// Reads the name at the cursor, which moves behind it. name may be 0. -1 if it does not end within the message, or is
// too long.
static int read_name(struct cursor *cursor, uchar *name)
{
    int at = cursor->at, start = at, written = 0, jumped = 0;

    for (;;) {
        if (at >= cursor->length)
            return -1;
        int label = cursor->message[at];
        if (label >= 0xc0) {
            // RFC 1035 "Message compression": a pointer is to a prior occurrence. Each goes back behind where the last
            // began, so that there is no loop.
            if (at + 1 >= cursor->length)
                return -1;
            int target = get16(cursor->message + at) & 0x3fff;
            if (!jumped)
                cursor->at = at + 2;
            jumped = 1;
            if (target < HEADER || target >= start)
                return -1;
            at = start = target;
            continue;
        }
        if (label > 63 || at + 1 + label > cursor->length || written + 1 + label > DNS_NAME)
            return -1;
        if (name)
            memcpy(name + written, cursor->message + at, 1 + label);
        written += 1 + label;
        at += 1 + label;
        if (label == 0)
            break;
    }
    if (!jumped)
        cursor->at = at;
    return 0;
}

struct record {
    uint16 type, class;
    int data; // offset
    int length;
};

static int read_record(struct cursor *cursor, uchar *name, struct record *record)
{
    if (read_name(cursor, name) < 0 || cursor->length - cursor->at < 10)
        return -1;
    const uchar *at = cursor->message + cursor->at;
    record->type = get16(at);
    record->class = get16(at + 2);
    record->length = get16(at + 8);
    record->data = cursor->at + 10;
    if (record->length > cursor->length - record->data)
        return -1;
    cursor->at = record->data + record->length;
    return 0;
}

// One way through the answers: takes the addresses of result->name, or else becomes its alias. Which of the two, or
// DNS_NO_ADDRESS.
static enum dns_outcome search(struct cursor cursor, int answers, struct dns_result *result)
{
    uchar owner[DNS_NAME], alias[DNS_NAME];
    int aliased = 0;

    for (int i = 0; i < answers; i++) {
        struct record record;
        if (read_record(&cursor, owner, &record) < 0)
            return DNS_MALFORMED;
        if (record.class != CLASS_IN || !same_name(owner, result->name))
            continue;
        if (record.type == TYPE_A) {
            if (record.length != 4)
                return DNS_MALFORMED;
            if (result->count < DNS_ADDRESSES)
                result->addresses[result->count++] = get32(cursor.message + record.data);
        } else if (record.type == TYPE_CNAME) {
            struct cursor data = { cursor.message, cursor.length, record.data };
            if (read_name(&data, alias) < 0 || data.at != record.data + record.length)
                return DNS_MALFORMED;
            aliased = 1;
        }
    }
    if (result->count > 0)
        return DNS_FOUND;
    if (!aliased)
        return DNS_NO_ADDRESS;
    memcpy(result->name, alias, name_length(alias));
    return DNS_ALIAS;
}

enum dns_outcome dns_answer(const uchar *message, int length, uint16 id, struct dns_result *result)
{
    struct cursor cursor = { message, length, HEADER };
    uchar asked[DNS_NAME];

    result->count = 0;
    if (length < HEADER || get16(message) != id)
        return DNS_NOT_OURS;
    uint16 flags = get16(message + 2);
    int code = flags & FLAG_CODE, answers = get16(message + 6);
    if (!(flags & FLAG_RESPONSE) || (flags & FLAG_OPCODE))
        return DNS_NOT_OURS;
    // Some servers say only why, without the question.
    if (get16(message + 4) == 0 && code != 0 && code != CODE_NO_NAME)
        return DNS_FAILED;
    if (get16(message + 4) != 1)
        return DNS_NOT_OURS;
    if (read_name(&cursor, asked) < 0 || length - cursor.at < 4)
        return DNS_MALFORMED;
    if (!same_name(asked, result->name) || get16(message + cursor.at) != TYPE_A ||
        get16(message + cursor.at + 2) != CLASS_IN)
        return DNS_NOT_OURS;
    cursor.at += 4;
    if (flags & FLAG_TRUNCATED)
        return DNS_TRUNCATED;
    if (code == CODE_NO_NAME)
        return DNS_NO_NAME;
    if (code != 0)
        return DNS_FAILED;

    enum dns_outcome outcome = search(cursor, answers, result);
    int aliases = 0;
    while (outcome == DNS_ALIAS) {
        if (++aliases > MAX_ALIASES)
            return DNS_MALFORMED; // they lead in a circle
        outcome = search(cursor, answers, result);
    }
    return outcome == DNS_NO_ADDRESS && aliases > 0 ? DNS_ALIAS : outcome;
}

const char *dns_outcome_text(enum dns_outcome outcome)
{
    static const char *const texts[] = {
        [DNS_FOUND] = "found",
        [DNS_ALIAS] = "an alias whose addresses nobody gives",
        [DNS_NO_NAME] = "no such name",
        [DNS_NO_ADDRESS] = "the name has no address",
        [DNS_FAILED] = "the server could not tell",
        [DNS_TRUNCATED] = "the answer is too long for UDP",
        [DNS_NOT_OURS] = "the answer is to another question",
        [DNS_MALFORMED] = "the answer is malformed",
        [DNS_SILENT] = "no answer",
        [DNS_BAD_NAME] = "not a name",
        [DNS_NO_WAY] = "no way to a name server",
    };

    return texts[outcome];
}
