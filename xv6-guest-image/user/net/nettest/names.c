// Names and addresses: their text, and a DNS client against servers good and bad, which are processes on the loop-back
// address.
#include "user/dns.h"
#include "user/net/nettest/nettest.h"

static void addresses(void)
{
    static const struct {
        const char *text;
        uint32 address;
    } good[] = {
        { "0.0.0.0", 0 }, { "10.0.2.15", 0x0a00020f }, { "127.0.0.1", LOOPBACK }, { "255.255.255.255", ~0u },
        { "1.20.100.99", 0x01146463 },
    };
    static const char *const bad[] = {
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "1.2.3.256", "01.2.3.4", "1.2.3.4 ",
        " 1.2.3.4", "1.2.3.4x", "-1.2.3.4", "1.2.3.0000", "a.b.c.d", "4294967297.0.0.0",
    };
    uint32 address;
    char text[16];

    for (int i = 0; i < (int)(sizeof good / sizeof *good); i++) {
        CHECK(parse_address(good[i].text, &address) == 0 && address == good[i].address,
              "%s is read as %x", good[i].text, address);
        CHECK(strcmp(format_address(address, text), good[i].text) == 0, "%s is written as %s", good[i].text, text);
    }
    for (int i = 0; i < (int)(sizeof bad / sizeof *bad); i++)
        CHECK(parse_address(bad[i], &address) < 0, "\"%s\" is taken for an address", bad[i]);
    CHECK(resolve("localhost", &address) == 0 && address == LOOPBACK, "localhost is elsewhere");
    CHECK(resolve("256.1.1.1", &address) < 0, "256.1.1.1 is taken for a name");
    CHECK(resolve("two words", &address) < 0, "two words are taken for a name");
}

static uchar message[DNS_MESSAGE];
static int length;

static void add16(uint16 value)
{
    put16(message + length, value);
    length += 2;
}

static void add_name(const char *name)
{
    length += dns_name_parse(name, message + length);
}

// An answer to a question: its header and the question itself.
static void begin_answer(uint16 id, uint16 flags, uint16 answers, const char *name)
{
    length = 0;
    add16(id);
    add16(flags);
    add16(1);
    add16(answers);
    add16(0);
    add16(0);
    add_name(name);
    add16(1);
    add16(1);
}

// A record whose owner has been added.
static void add_record(uint16 type, uint16 size)
{
    add16(type);
    add16(1);
    add16(0);
    add16(60);
    add16(size);
}

static void add_address(uint32 address)
{
    add_record(1, 4);
    add16(address >> 16);
    add16(address);
}

#define QUESTION 0xc00c // a pointer to the name in the question
#define GOOD 0x0a090807
#define FORGED 0x06060606
#define ANSWERED 0x8180

static uint32 client;
static uint16 client_port;

static void answer_from(uint16 port)
{
    CHECK(send(port, client, client_port, (char *)message, length) >= 0, "send of the name server failed");
}

static void answer_good(uint16 id, const char *name)
{
    begin_answer(id, ANSWERED, 1, name);
    add16(QUESTION);
    add_address(GOOD);
    answer_from(DNS_PORT);
}

// Everything that a client must not believe.
static void answer_badly(uint16 id, const char *name)
{
    begin_answer(id + 1, ANSWERED, 1, name); // another question's
    add16(QUESTION);
    add_address(FORGED);
    answer_from(DNS_PORT);

    begin_answer(id, ANSWERED, 1, "another.test");
    add16(QUESTION);
    add_address(FORGED);
    answer_from(DNS_PORT);

    begin_answer(id, ANSWERED & 0x7fff, 1, name); // a question itself
    add16(QUESTION);
    add_address(FORGED);
    answer_from(DNS_PORT);

    begin_answer(id, ANSWERED, 1, name); // not from where we asked
    add16(QUESTION);
    add_address(FORGED);
    answer_from(DNS_PORT + 1);

    begin_answer(id, ANSWERED, 1, name); // a name that points to itself
    add16(0xc000 | length);
    add_address(FORGED);
    answer_from(DNS_PORT);

    begin_answer(id, ANSWERED, 1, name); // beyond the message
    add16(0xffff);
    add_address(FORGED);
    answer_from(DNS_PORT);

    begin_answer(id, ANSWERED, 2, name); // fewer records than it says
    add16(QUESTION);
    add_address(FORGED);
    answer_from(DNS_PORT);

    begin_answer(id, ANSWERED, 1, name); // an address of five bytes
    add16(QUESTION);
    add_record(1, 5);
    add16(6);
    add16(6);
    message[length++] = 6;
    answer_from(DNS_PORT);

    begin_answer(id, ANSWERED, 1, name); // ends within the address
    add16(QUESTION);
    add_address(FORGED);
    length -= 2;
    answer_from(DNS_PORT);

    begin_answer(id, ANSWERED, 2, name); // aliases in a circle
    add16(QUESTION);
    add_record(5, 2);
    add16(QUESTION);
    add_name("other.test");
    add_record(5, 2);
    add16(QUESTION);
    answer_from(DNS_PORT);

    length = 5; // not even a header
    answer_from(DNS_PORT);
}

// Aliases that lead to an address, the last record first.
static void answer_alias(uint16 id, const char *name)
{
    begin_answer(id, ANSWERED, 3, name);
    add_name("third.test");
    add_address(GOOD);
    add16(QUESTION);
    add_record(5, 13);
    add_name("second.test");
    add_name("Second.Test");
    add_record(5, 12);
    add_name("third.test");
    answer_from(DNS_PORT);
}

static void respond(uint16 id, char *name, int times)
{
    if (strcmp(name, "plain.test") == 0 || strcmp(name, "target.test") == 0) {
        answer_good(id, name);
    } else if (strcmp(name, "hostile.test") == 0) {
        answer_badly(id, name);
        answer_good(id, name);
    } else if (strcmp(name, "alias.test") == 0) {
        answer_alias(id, name);
    } else if (strcmp(name, "halfway.test") == 0) {
        begin_answer(id, ANSWERED, 1, name); // only the alias; the client has to ask for it
        add16(QUESTION);
        add_record(5, 13);
        add_name("target.test");
        answer_from(DNS_PORT);
    } else if (strcmp(name, "late.test") == 0 && times == 2) {
        answer_good(id, name);
    } else if (strcmp(name, "none.test") == 0) {
        begin_answer(id, ANSWERED | 3, 0, name);
        answer_from(DNS_PORT);
    } else if (strcmp(name, "empty.test") == 0) {
        begin_answer(id, ANSWERED, 0, name);
        answer_from(DNS_PORT);
    } else if (strcmp(name, "long.test") == 0) {
        begin_answer(id, ANSWERED | 0x0200, 0, name);
        answer_from(DNS_PORT);
    }
}

static void name_server(int unused)
{
    static char name[4 * DNS_NAME];
    uchar question[DNS_NAME];
    int times = 0;

    (void)unused;
    own_exactly(DNS_PORT);
    own_exactly(DNS_PORT + 1);
    for (;;) {
        int got = recv(DNS_PORT, &client, &client_port, incoming, DNS_MESSAGE);
        CHECK(got > 12 + 5 && got < 12 + DNS_NAME, "a question of %d bytes", got);
        memcpy(question, incoming + 12, got - 12 - 4);
        dns_name_format(question, name);
        times = strcmp(name, "late.test") == 0 ? times + 1 : 0;
        respond(get16((uchar *)incoming), name, times);
    }
}

static void expect_outcome(const char *name, enum dns_outcome expected)
{
    static struct dns_result result;
    enum dns_outcome outcome = dns_lookup(LOOPBACK, name, &result);

    CHECK(outcome == expected, "%s: %s", name, dns_outcome_text(outcome));
    if (expected == DNS_FOUND)
        CHECK(result.count == 1 && result.addresses[0] == GOOD, "%s has another address", name);
}

static void lookups(void)
{
    int server = begin(name_server, 0);

    pause(1);
    expect_outcome("plain.test", DNS_FOUND);
    expect_outcome("alias.test", DNS_FOUND);
    expect_outcome("halfway.test", DNS_FOUND);
    expect_outcome("none.test", DNS_NO_NAME);
    expect_outcome("empty.test", DNS_NO_ADDRESS);
    expect_outcome("long.test", DNS_TRUNCATED);
    end(server);
}

static void retries(void)
{
    int server = begin(name_server, 0);

    pause(1);
    expect_outcome("late.test", DNS_FOUND);
    end(server);
    int start = uptime();
    expect_outcome("plain.test", DNS_SILENT);
    int elapsed = uptime() - start;
    CHECK(elapsed > 3 * TICKS_PER_SECOND && elapsed < 12 * TICKS_PER_SECOND,
          "the client has waited for %d ticks", elapsed);
}

static void hostile_answers(void)
{
    int server = begin(name_server, 0);

    pause(1);
    for (int i = 0; i < 5; i++)
        expect_outcome("hostile.test", DNS_FOUND);
    end(server);
}

const struct test name_tests[] = {
    { "addresses", addresses, GROUP_LOOP, 10 },
    { "lookups", lookups, GROUP_LOOP, 60 },
    { "retries", retries, GROUP_LOOP, 60 },
    { "hostiledns", hostile_answers, GROUP_LOOP, 30 },
    { 0 },
};
