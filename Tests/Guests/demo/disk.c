// A virtio-mmio block device, version 2: QEMU's -device virtio-blk-device with -global virtio-mmio.force-legacy=false.
// One queue, one request at a time; the hart sleeps until the device interrupts.
#include "demo.h"

enum {
    MAGIC = 0x0,
    VERSION = 0x4,
    DEVICE_ID = 0x8,
    DRIVER_FEATURES = 0x20,
    DRIVER_FEATURES_SELECT = 0x24,
    QUEUE_SELECT = 0x30,
    QUEUE_SIZE_MAX = 0x34,
    QUEUE_SIZE = 0x38,
    QUEUE_READY = 0x44,
    QUEUE_NOTIFY = 0x50,
    INTERRUPT_STATUS = 0x60,
    INTERRUPT_ACK = 0x64,
    STATUS = 0x70,
    QUEUE_DESCRIPTORS = 0x80,
    QUEUE_DRIVER = 0x90,
    QUEUE_DEVICE = 0xa0,
    CAPACITY = 0x100,
};

enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 };
enum { NEXT = 1, DEVICE_WRITES = 2, READ = 0, WRITE = 1, ENTRIES = 4 };

static struct {
    u64 address;
    u32 length;
    u16 flags, next;
} descriptors[ENTRIES] __attribute__((aligned(16)));

static volatile struct {
    u16 flags, index, ring[ENTRIES];
} driver_ring __attribute__((aligned(2)));

static volatile struct {
    u16 flags, index;
    struct { u32 id, length; } ring[ENTRIES];
} device_ring __attribute__((aligned(4)));

static struct { u32 type, reserved; u64 sector; } header;
static volatile u8 status;
static volatile u16 finished; // device_ring.index, as the last interrupt saw it

static void set_address(u64 reg, volatile void *address)
{
    REG32(DISK + reg) = (u64)address;
    REG32(DISK + reg + 4) = (u64)address >> 32;
}

const char *disk_start(void)
{
    if (REG32(DISK + MAGIC) != 0x74726976 || REG32(DISK + DEVICE_ID) != 2)
        return "no disk; add -drive file=demo.img,if=none,format=raw,id=x0"
               " -device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0";
    if (REG32(DISK + VERSION) != 2)
        return "a disk of the legacy kind; add -global virtio-mmio.force-legacy=false";

    REG32(DISK + STATUS) = 0;
    REG32(DISK + STATUS) = ACKNOWLEDGE;
    REG32(DISK + STATUS) = ACKNOWLEDGE | DRIVER;
    REG32(DISK + DRIVER_FEATURES_SELECT) = 0;
    REG32(DISK + DRIVER_FEATURES) = 0;
    REG32(DISK + DRIVER_FEATURES_SELECT) = 1;
    REG32(DISK + DRIVER_FEATURES) = 1; // VIRTIO_F_VERSION_1, and nothing else
    REG32(DISK + STATUS) = ACKNOWLEDGE | DRIVER | FEATURES_OK;
    if (!(REG32(DISK + STATUS) & FEATURES_OK))
        return "the disk insists on features that this driver does not have";
    REG32(DISK + QUEUE_SELECT) = 0;
    if (REG32(DISK + QUEUE_SIZE_MAX) < ENTRIES)
        return "the disk's queue is too short";
    REG32(DISK + QUEUE_SIZE) = ENTRIES;
    set_address(QUEUE_DESCRIPTORS, descriptors);
    set_address(QUEUE_DRIVER, &driver_ring);
    set_address(QUEUE_DEVICE, &device_ring);
    REG32(DISK + QUEUE_READY) = 1;
    REG32(DISK + STATUS) = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK;
    return 0;
}

u64 disk_sectors(void) { return REG32(DISK + CAPACITY) | (u64)REG32(DISK + CAPACITY + 4) << 32; }

void disk_interrupt(void)
{
    REG32(DISK + INTERRUPT_ACK) = REG32(DISK + INTERRUPT_STATUS);
    __sync_synchronize();
    finished = device_ring.index;
}

int disk_transfer(int write, u64 sector, void *data)
{
    header.type = write ? WRITE : READ;
    header.sector = sector;
    status = 0xff;
    descriptors[0] = (typeof(descriptors[0])){(u64)&header, sizeof header, NEXT, 1};
    descriptors[1] = (typeof(descriptors[0])){(u64)data, SECTOR, NEXT | (write ? 0 : DEVICE_WRITES), 2};
    descriptors[2] = (typeof(descriptors[0])){(u64)&status, 1, DEVICE_WRITES, 0};
    driver_ring.ring[driver_ring.index % ENTRIES] = 0;
    __sync_synchronize();
    driver_ring.index++;
    __sync_synchronize();
    REG32(DISK + QUEUE_NOTIFY) = 0;
    sleep_until(finished == driver_ring.index);
    return status == 0;
}
