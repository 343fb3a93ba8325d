#include "virtio.h"

// Register offsets. Virtio 1.1 "MMIO Device Register Layout" and "Legacy interface".
enum {
    MAGIC = 0x0,
    VERSION = 0x4,
    DEVICE_ID = 0x8,
    VENDOR_ID = 0xc,
    DEVICE_FEATURES = 0x10,
    DRIVER_FEATURES = 0x20,
    GUEST_PAGE_SIZE = 0x28, // legacy
    QUEUE_SEL = 0x30,
    QUEUE_NUM_MAX = 0x34,
    QUEUE_NUM = 0x38,
    QUEUE_PFN = 0x40, // legacy
    QUEUE_READY = 0x44,
    QUEUE_NOTIFY = 0x50,
    INTERRUPT_STATUS = 0x60,
    INTERRUPT_ACK = 0x64,
    STATUS = 0x70,
    QUEUE_DESC = 0x80,
    QUEUE_DRIVER = 0x90,
    QUEUE_DEVICE = 0xa0,
    CONFIG = 0x100,
};

enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 };
enum { QUEUE_SIZE = 8, DESC_NEXT = 1, DESC_WRITE = 2, BLK_IN = 0, BLK_OUT = 1 };

struct descriptor {
    u64 address;
    u32 length;
    u16 flags, next;
};

struct available {
    u16 flags, index, ring[QUEUE_SIZE];
};

struct used {
    u16 flags, index;
    struct { u32 id, length; } ring[QUEUE_SIZE];
};

static u8 queues[2][2 * PAGE] __attribute__((aligned(PAGE)));
static int queues_used;

static struct { u32 type, reserved; u64 sector; } header;
static volatile u8 status;

static volatile struct used *used_of(struct disk *disk) { return (volatile struct used *)(disk->queue + PAGE); }

void disk_init(struct disk *disk, int slot, struct disk_style style)
{
    u64 base = VIRTIO(slot);
    disk->base = base;
    disk->style = style;
    disk->queue = queues[queues_used++];
    expect_equal(REG32(base + MAGIC), 0x74726976, "magic");
    expect_equal(REG32(base + VERSION), style.legacy ? 1 : 2, "version");
    expect_equal(REG32(base + DEVICE_ID), 2, "device id");
    expect_equal(REG32(base + VENDOR_ID), 0x554d4551, "vendor id");

    u32 state = 0;
    REG32(base + STATUS) = state;
    REG32(base + STATUS) = state |= ACKNOWLEDGE;
    REG32(base + STATUS) = state |= DRIVER;

    // xv6 turns these off: read-only, SCSI, config WCE, multi-queue, any layout, event index, indirect descriptors.
    u32 features = REG32(base + DEVICE_FEATURES);
    features &= ~(1u << 5 | 1u << 7 | 1u << 11 | 1u << 12 | 1u << 27 | 1u << 29 | 1u << 28);
    REG32(base + DRIVER_FEATURES) = features;
    REG32(base + STATUS) = state |= FEATURES_OK;
    if (!style.legacy)
        expect(REG32(base + STATUS) & FEATURES_OK, "FEATURES_OK unset");
    if (style.driver_ok_first)
        REG32(base + STATUS) = state |= DRIVER_OK;
    if (style.legacy)
        REG32(base + GUEST_PAGE_SIZE) = PAGE;

    REG32(base + QUEUE_SEL) = 0;
    if (!style.legacy)
        expect_equal(REG32(base + QUEUE_READY), 0, "the queue is ready before it is set up");
    expect(REG32(base + QUEUE_NUM_MAX) >= QUEUE_SIZE, "QUEUE_NUM_MAX too small");
    REG32(base + QUEUE_NUM) = QUEUE_SIZE;
    u64 rings[3] = {(u64)disk->queue, (u64)disk->queue + QUEUE_SIZE * sizeof(struct descriptor), (u64)used_of(disk)};
    if (style.legacy) {
        REG32(base + QUEUE_PFN) = rings[0] >> 12;
    } else {
        for (int i = 0; i < 3; i++) {
            REG32(base + QUEUE_DESC + 0x10 * i) = rings[i];
            REG32(base + QUEUE_DESC + 0x10 * i + 4) = rings[i] >> 32;
        }
        REG32(base + QUEUE_READY) = 1;
    }
    if (!style.driver_ok_first)
        REG32(base + STATUS) = state |= DRIVER_OK;
}

void disk_submit(struct disk *disk, int write, u64 sector, void *data)
{
    volatile struct descriptor *descriptors = (volatile struct descriptor *)disk->queue;
    volatile struct available *available = (volatile struct available *)&descriptors[QUEUE_SIZE];
    header.type = write ? BLK_OUT : BLK_IN;
    header.sector = sector;
    status = 0xff;

    // The chain moves through the table, so that every descriptor has its turn at being the head.
    int head = available->index % QUEUE_SIZE, middle = (head + 1) % QUEUE_SIZE, tail = (head + 2) % QUEUE_SIZE;
    descriptors[head] = (struct descriptor){(u64)&header, sizeof header, DESC_NEXT, middle};
    descriptors[middle] = (struct descriptor){(u64)data, SECTOR, (write ? 0 : DESC_WRITE) | DESC_NEXT, tail};
    descriptors[tail] = (struct descriptor){(u64)&status, 1, DESC_WRITE, 0};
    available->ring[available->index % QUEUE_SIZE] = head;
    fence();
    available->index++;
    fence();
    REG32(disk->base + QUEUE_NOTIFY) = 0;
}

void disk_interrupt(struct disk *disk)
{
    disk->interrupts++;
    if (disk->style.acknowledges)
        REG32(disk->base + INTERRUPT_ACK) = REG32(disk->base + INTERRUPT_STATUS) & 3;
    fence();
    disk->used_seen = used_of(disk)->index;
}

int disk_done(struct disk *disk)
{
    volatile struct available *available = (volatile struct available *)(disk->queue + QUEUE_SIZE * sizeof(struct descriptor));
    return disk->used_seen == available->index;
}

u8 disk_status(void) { return status; }

u64 disk_sectors(struct disk *disk)
{
    return REG32(disk->base + CONFIG) | (u64)REG32(disk->base + CONFIG + 4) << 32;
}
