// The greeting and the commands.
#include "demo.h"

// Sector 0 of the disk, and the range that "disk verify" may overwrite.
struct label {
    char magic[8];
    u64 boots;
};
static const char magic[8] = "RVXV6IMG";
enum { SCRATCH_FIRST = 32, SCRATCH_LAST = 63 };

static u8 sector[SECTOR];
static const char *no_disk;
static u64 started;

static int same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

// Cuts the next word off the front of a line.
static char *word(char **line)
{
    while (**line == ' ')
        ++*line;
    char *start = *line;
    while (**line && **line != ' ')
        ++*line;
    if (**line)
        *(*line)++ = 0;
    return start;
}

static int number(const char *text, u64 *value)
{
    *value = 0;
    if (!*text)
        return 0;
    for (; *text >= '0' && *text <= '9' && *value < 1000000000; text++)
        *value = *value * 10 + *text - '0';
    return !*text;
}

static int count_harts(void)
{
    int count = 0;
    for (int i = 0; i < MAX_HARTS; i++)
        count += harts[i].running;
    return count;
}

static void count_boot(void)
{
    struct label *label = (struct label *)sector;
    no_disk = disk_start();
    if (no_disk) {
        print("  disk     %s\n", no_disk);
        return;
    }
    print("  disk     %ld sectors of 512 bytes", disk_sectors());
    int labelled = disk_transfer(0, 0, sector);
    for (int i = 0; i < 8; i++)
        labelled &= label->magic[i] == magic[i];
    if (!labelled) {
        print(", without this demo's label: left alone\n");
        return;
    }
    label->boots++;
    if (disk_transfer(1, 0, sector))
        print(", started %ld time%s\n", label->boots, label->boots == 1 ? "" : "s");
    else
        print(", and the disk refused the write\n");
}

void greet(void)
{
    started = csr_read(time);
    print("\n"
          " ____  _               __  __       __\n"
          "|  _ \\(_)___  _____   _\\ \\/ /_   __/ /_\n"
          "| |_) | / __|/ __\\ \\ / /\\  /\\ \\ / / '_ \\\n"
          "|  _ <| \\__ \\ (__ \\ V / /  \\ \\ V /| (_) |\n"
          "|_| \\_\\_|___/\\___| \\_/ /_/\\_\\ \\_/  \\___/\n"
          "A RISC-V machine, and this is its demo.\n\n");
    sleep_until(harts[0].ticks == 1);
    u64 first = csr_read(time);
    sleep_until(harts[0].ticks == 2);
    print("  harts    %d, in supervisor mode under Sv39\n", count_harts());
    print("  timer    a tick every %ld ms\n", (csr_read(time) - first + TICKS_PER_SECOND / 2000) / (TICKS_PER_SECOND / 1000));
    count_boot();
    print("\nType \"help\" for the commands.\n");
}

// Days since 1970 to year, month and day, by counting.
static void print_date(u64 days)
{
    u64 year = 1970, month = 0;
    for (;; year++) {
        u64 length = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
        if (days < length)
            break;
        days -= length;
    }
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const u8 lengths[] = {31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (; days >= lengths[month]; month++)
        days -= lengths[month];
    print("%ld-%02ld-%02ld", year, month + 1, days + 1);
}

static void command_time(void)
{
    u64 low = REG32(RTC); // latches the high word
    u64 seconds = ((u64)REG32(RTC + 4) << 32 | low) / 1000000000;
    u64 up = (csr_read(time) - started) / (TICKS_PER_SECOND / 100);
    print_date(seconds / 86400);
    print(" %02ld:%02ld:%02ld UTC, up %ld.%02ld s, %ld ticks\n", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60,
          up / 100, up % 100, harts[0].ticks);
}

static void command_harts(void)
{
    for (int i = 0; i < MAX_HARTS; i++)
        if (harts[i].running)
            print("hart %d  %6ld ticks, woken %ld times%s\n", i, harts[i].ticks, harts[i].wakes, i ? "" : ", has the console");
}

static void disk_show(u64 at)
{
    if (!disk_transfer(0, at, sector)) {
        print("the disk refused to read sector %ld\n", at);
        return;
    }
    for (int row = 0; row < 64; row += 16) {
        print("%04x  ", row);
        for (int i = 0; i < 16; i++)
            print("%02x ", sector[row + i]);
        print(" ");
        for (int i = 0; i < 16; i++)
            print("%c", sector[row + i] >= ' ' && sector[row + i] < 127 ? sector[row + i] : '.');
        print("\n");
    }
}

static void disk_write(u64 at, const char *text)
{
    int length = 0;
    for (int i = 0; i < SECTOR; i++)
        sector[i] = text[length] ? text[length++] : 0;
    if (disk_transfer(1, at, sector))
        print("%d bytes written to sector %ld\n", length, at);
    else
        print("the disk refused to write sector %ld\n", at);
}

static void disk_verify(void)
{
    u64 start = csr_read(time), wrong = 0;
    for (u64 at = SCRATCH_FIRST; at <= SCRATCH_LAST; at++) {
        for (u64 i = 0; i < SECTOR; i++)
            sector[i] = at * 31 + i + start;
        wrong += !disk_transfer(1, at, sector);
    }
    for (u64 at = SCRATCH_FIRST; at <= SCRATCH_LAST; at++) {
        wrong += !disk_transfer(0, at, sector);
        for (u64 i = 0; i < SECTOR; i++)
            wrong += sector[i] != (u8)(at * 31 + i + start);
    }
    print("sectors %d to %d written and read back in %ld us: %s\n", SCRATCH_FIRST, SCRATCH_LAST,
          (csr_read(time) - start) / (TICKS_PER_SECOND / 1000000), wrong ? "WRONG" : "all good");
}

static void command_disk(char *rest)
{
    u64 at;
    char *what = word(&rest);
    if (no_disk)
        print("%s\n", no_disk);
    else if (same(what, "read") && number(word(&rest), &at) && at < disk_sectors())
        disk_show(at);
    else if (same(what, "write") && number(word(&rest), &at) && at > 0 && at < disk_sectors())
        disk_write(at, rest);
    else if (same(what, "verify") && disk_sectors() > SCRATCH_LAST)
        disk_verify();
    else
        print("disk read N, disk write N TEXT (N from 1), or disk verify; the disk has %ld sectors\n", disk_sectors());
}

static void help(void)
{
    print("  time                date, time since the start, ticks of the timer\n"
          "  harts               what each hart has been doing\n"
          "  disk read N         the first bytes of a sector\n"
          "  disk write N TEXT   a text to a sector; it is there again next time\n"
          "  disk verify         write and read sectors %d to %d\n"
          "  echo TEXT           the text\n"
          "  reset               start the machine again\n"
          "  halt                switch it off\n",
          SCRATCH_FIRST, SCRATCH_LAST);
}

void shell(void)
{
    static char line[128];
    for (;;) {
        print("demo> ");
        read_line(line, sizeof line);
        char *rest = line, *command = word(&rest);
        if (same(command, "help"))
            help();
        else if (same(command, "time"))
            command_time();
        else if (same(command, "harts"))
            command_harts();
        else if (same(command, "disk"))
            command_disk(rest);
        else if (same(command, "echo"))
            print("%s\n", rest);
        else if (same(command, "halt"))
            REG32(FINISHER) = 0x5555;
        else if (same(command, "reset"))
            REG32(FINISHER) = 0x7777;
        else if (*command)
            print("%s? Type \"help\" for the commands.\n", command);
    }
}
