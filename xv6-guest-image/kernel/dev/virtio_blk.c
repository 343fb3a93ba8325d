// Driver of the disk: QEMU's -device virtio-blk-device, a virtio block device behind virtio-mmio registers, version 2
// of the standard or version 1, the legacy one that QEMU presents without -global virtio-mmio.force-legacy=false.
//
// VIRTIO_BLK_F_FLUSH is not accepted, on purpose. By Virtio "Device Operation" of the block device, a device must then
// behave as a writethrough cache: a write that completed is durable. The log rests on that: what it has waited for
// survives a power cut.
#include "kernel/dev/plic.h"
#include "kernel/dev/virtio_blk.h"
#include "kernel/fs/buf.h"
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/lock/spinlock.h"
#include "kernel/memlayout.h"
#include "kernel/proc/proc.h"

// Virtio "MMIO Device Register Layout", and the legacy one's differences.
enum {
    MAGIC_VALUE = 0x000,
    VERSION = 0x004,
    DEVICE_ID = 0x008,
    DEVICE_FEATURES = 0x010,
    DEVICE_FEATURES_SELECT = 0x014,
    DRIVER_FEATURES = 0x020,
    DRIVER_FEATURES_SELECT = 0x024,
    LEGACY_GUEST_PAGE_SIZE = 0x028,
    QUEUE_SELECT = 0x030,
    QUEUE_NUM_MAX = 0x034,
    QUEUE_NUM = 0x038,
    LEGACY_QUEUE_ALIGN = 0x03c,
    LEGACY_QUEUE_PFN = 0x040,
    QUEUE_READY = 0x044,
    QUEUE_NOTIFY = 0x050,
    INTERRUPT_STATUS = 0x060,
    INTERRUPT_ACK = 0x064,
    STATUS = 0x070,
    QUEUE_DESCRIPTORS = 0x080, // each of these three: low half, then high half
    QUEUE_DRIVER = 0x090,
    QUEUE_DEVICE = 0x0a0,
    CONFIG_GENERATION = 0x0fc,
    CONFIG_CAPACITY = 0x100, // 64 bits: sectors
};

enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, FAILED = 128 }; // Virtio "Device Status Field"
enum { VERSION_1 = 1 << 0 };        // of the second word of features: bit 32
enum { NEXT = 1, DEVICE_WRITES = 2 }; // of a descriptor
enum { TYPE_IN = 0, TYPE_OUT = 1 };  // of a request
enum { MAGIC = 0x74726976, BLOCK_DEVICE = 2, SECTOR = 512, SECTORS = BSIZE / SECTOR };

// A request takes three descriptors: what to do, the data, how it went. Request r has those from 3 * r on, always.
#define QUEUE_MOST 32
#define PARTS 3
#define REQUESTS (QUEUE_MOST / PARTS)

struct descriptor {
    uint64 address;
    uint32 length;
    uint16 flags, next;
};

struct driver_ring {
    uint16 flags, index;
    uint16 ring[]; // first descriptors of requests
};

struct device_ring {
    uint16 flags, index;
    struct {
        uint32 id, length;
    } ring[QUEUE_MOST];
};

struct request {
    struct {
        uint32 type, reserved;
        uint64 sector;
    } header;
    volatile uchar status;
    uchar busy; // somebody's
    uchar done; // the device has answered
    uint blockno;
};

// Both layouts at once: descriptors, then the driver's ring, then on the next page the device's, as the legacy
// interface demands.
static uchar queue_memory[2 * PGSIZE] __attribute__((aligned(PGSIZE)));

static struct {
    struct spinlock lock;
    struct descriptor *descriptors;
    volatile struct driver_ring *driver;
    volatile struct device_ring *device;
    uint size;     // descriptors in use: a power of two
    uint requests; // of them, in threes
    uint16 seen;   // device->index, as far as it was looked at
    uint64 sectors;
    struct request request[REQUESTS];
} disk;

uint64 disk_reads, disk_writes;

static volatile uint32 *reg(uint64 offset)
{
    return (volatile uint32 *)(VIRTIO0 + offset);
}

// Orders memory before registers, and the reverse.
static void barrier(void)
{
    asm volatile("fence iorw, iorw" : : : "memory");
}

static void fail(const char *why) __attribute__((noreturn));

static void fail(const char *why)
{
    *reg(STATUS) |= FAILED;
    panic("disk: %s", why);
}

static void set_address(uint64 offset, volatile void *memory)
{
    *reg(offset) = (uint64)memory;
    *reg(offset + 4) = (uint64)memory >> 32;
}

// Virtio "Device Initialization", steps 4 to 6.
static void agree_on_features(uint version)
{
    if (version == 1) {
        *reg(DRIVER_FEATURES_SELECT) = 0;
        *reg(DRIVER_FEATURES) = 0; // a legacy device has no FEATURES_OK
        return;
    }
    *reg(DEVICE_FEATURES_SELECT) = 1;
    if (!(*reg(DEVICE_FEATURES) & VERSION_1))
        fail("the device is of version 2 but does not offer VIRTIO_F_VERSION_1");
    *reg(DRIVER_FEATURES_SELECT) = 0;
    *reg(DRIVER_FEATURES) = 0;
    *reg(DRIVER_FEATURES_SELECT) = 1;
    *reg(DRIVER_FEATURES) = VERSION_1;
    *reg(STATUS) |= FEATURES_OK;
    if (!(*reg(STATUS) & FEATURES_OK))
        fail("the device insists on features that this driver does not have");
}

// Virtio "Virtqueue Configuration" of the MMIO transport.
static void set_up_queue(uint version)
{
    *reg(QUEUE_SELECT) = 0;
    if (*reg(version == 1 ? LEGACY_QUEUE_PFN : QUEUE_READY) != 0)
        fail("its queue is in use after a reset");
    uint most = *reg(QUEUE_NUM_MAX);
    disk.size = QUEUE_MOST;
    while (disk.size > most)
        disk.size /= 2;
    disk.requests = disk.size / PARTS;
    if (disk.requests == 0)
        fail("its queue is too short");

    memset(queue_memory, 0, sizeof queue_memory);
    disk.descriptors = (struct descriptor *)queue_memory;
    disk.driver = (volatile struct driver_ring *)(disk.descriptors + disk.size);
    disk.device = (volatile struct device_ring *)(queue_memory + PGSIZE);
    *reg(QUEUE_NUM) = disk.size;
    barrier();
    if (version == 1) {
        *reg(LEGACY_QUEUE_ALIGN) = PGSIZE;
        *reg(LEGACY_QUEUE_PFN) = (uint64)queue_memory >> PGSHIFT;
    } else {
        set_address(QUEUE_DESCRIPTORS, disk.descriptors);
        set_address(QUEUE_DRIVER, disk.driver);
        set_address(QUEUE_DEVICE, disk.device);
        *reg(QUEUE_READY) = 1;
    }
}

// Virtio "Device Configuration Space": a field wider than a register may change between the two reads, and the
// generation tells.
static uint64 read_capacity(uint version)
{
    uint before;
    uint64 sectors;
    do {
        before = version == 1 ? 0 : *reg(CONFIG_GENERATION);
        sectors = *reg(CONFIG_CAPACITY) | (uint64)*reg(CONFIG_CAPACITY + 4) << 32;
    } while (version != 1 && before != *reg(CONFIG_GENERATION));
    return sectors;
}

void disk_init(void)
{
    spin_init(&disk.lock, "disk");
    uint version = *reg(VERSION);
    if (*reg(MAGIC_VALUE) != MAGIC || *reg(DEVICE_ID) != BLOCK_DEVICE)
        panic("no disk: start the machine with -drive file=fs.img,if=none,format=raw,id=x0 "
              "-device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0");
    if (version != 1 && version != 2)
        panic("disk: virtio-mmio version %d is neither 1 nor 2", version);

    *reg(STATUS) = 0;
    while (*reg(STATUS) != 0)
        ; // the reset is done when it reads 0
    *reg(STATUS) |= ACKNOWLEDGE;
    *reg(STATUS) |= DRIVER;
    if (version == 1)
        *reg(LEGACY_GUEST_PAGE_SIZE) = PGSIZE;
    agree_on_features(version);
    set_up_queue(version);
    disk.sectors = read_capacity(version);
    *reg(STATUS) |= DRIVER_OK;
}

uint64 disk_blocks(void)
{
    return disk.sectors / SECTORS;
}

// A request that is nobody's. The lock is held.
static struct request *take_request(void)
{
    for (;;) {
        for (uint i = 0; i < disk.requests; i++) {
            if (!disk.request[i].busy) {
                disk.request[i].busy = 1;
                return &disk.request[i];
            }
        }
        proc_sleep(&disk.request, &disk.lock);
    }
}

// Hands a request to the device: Virtio "Supplying Buffers to The Device". The lock is held.
static struct request *start(uchar *data, uint blockno, int write)
{
    if (blockno >= disk_blocks())
        panic("disk: block %u of %lu", blockno, disk_blocks());
    struct request *request = take_request();
    request->header.type = write ? TYPE_OUT : TYPE_IN;
    request->header.reserved = 0;
    request->header.sector = (uint64)blockno * SECTORS;
    request->status = 0xff; // no answer is that
    request->done = 0;
    request->blockno = blockno;

    uint16 head = (request - disk.request) * PARTS;
    disk.descriptors[head] = (struct descriptor){(uint64)&request->header, sizeof request->header, NEXT, head + 1};
    disk.descriptors[head + 1] =
        (struct descriptor){(uint64)data, BSIZE, NEXT | (write ? 0 : DEVICE_WRITES), head + 2};
    disk.descriptors[head + 2] = (struct descriptor){(uint64)&request->status, 1, DEVICE_WRITES, 0};

    disk.driver->ring[disk.driver->index % disk.size] = head;
    barrier(); // the request before the index that makes it the device's
    disk.driver->index++;
    barrier(); // the index before the notice
    *reg(QUEUE_NOTIFY) = 0;
    *(write ? &disk_writes : &disk_reads) += 1;
    return request;
}

// Waits for a request and gives it back. The lock is held.
static void finish(struct request *request)
{
    while (!request->done)
        proc_sleep(request, &disk.lock);
    if (request->status != 0)
        panic("disk: block %u could not be %s: status %d", request->blockno,
              request->header.type == TYPE_OUT ? "written" : "read", request->status);
    request->busy = 0;
    proc_wake(&disk.request);
}

void disk_transfer(struct buf *buffer, int write)
{
    spin_acquire(&disk.lock);
    buffer->disk = 1;
    finish(start(buffer->data, buffer->blockno, write));
    buffer->disk = 0;
    spin_release(&disk.lock);
}

void disk_write_all(struct buf *const *buffers, const uint *blocks, int count)
{
    // Not all requests at a time, so that two callers can't each wait for what the other has.
    struct request *under_way[REQUESTS];
    int most = disk.requests > 1 ? disk.requests / 2 : 1;
    spin_acquire(&disk.lock);
    for (int first = 0; first < count; first += most) {
        int some = count - first < most ? count - first : most;
        for (int i = 0; i < some; i++) {
            buffers[first + i]->disk = 1;
            under_way[i] = start(buffers[first + i]->data, blocks[first + i], 1);
        }
        for (int i = 0; i < some; i++) {
            finish(under_way[i]);
            buffers[first + i]->disk = 0;
        }
    }
    spin_release(&disk.lock);
}

void disk_interrupt(void)
{
    spin_acquire(&disk.lock);
    // Acknowledged first: what the device finishes after this asks anew.
    *reg(INTERRUPT_ACK) = *reg(INTERRUPT_STATUS);
    barrier();
    while (disk.seen != disk.device->index) {
        barrier(); // the index before the entry
        uint id = disk.device->ring[disk.seen % disk.size].id;
        struct request *request = &disk.request[id / PARTS];
        if (id % PARTS != 0 || id / PARTS >= disk.requests || !request->busy || request->done)
            panic("disk: the device answered request %u, which was not made", id);
        request->done = 1;
        proc_wake(request);
        disk.seen++;
    }
    spin_release(&disk.lock);
}
