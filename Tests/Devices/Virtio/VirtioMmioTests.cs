using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Devices.Interrupts;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Virtio;

/// <summary>Expected register values are the specification's, or were read from qemu-system-riscv64 7.2 through qtest.</summary>
public sealed class VirtioMmioTests
{
    private readonly byte[] _image = new byte[16 * 512];

    [TestCase(true, 1u)]
    [TestCase(false, 2u)]
    public void A_slot_with_a_disk_identifies_itself_as_on_QEMU(bool legacy, uint version)
    {
        using var guest = NewGuest(legacy);
        Assert.That(guest.Read32(0x00), Is.EqualTo(0x7472_6976));
        Assert.That(guest.Read32(0x04), Is.EqualTo(version));
        Assert.That(guest.Read32(0x08), Is.EqualTo(2));
        Assert.That(guest.Read32(0x0c), Is.EqualTo(0x554d_4551));
        Assert.That(guest.Read32(0x34), Is.EqualTo(1024));
        Assert.That(guest.Read32(0xb0), Is.EqualTo(0xffff_ffff), "no shared memory");
        Assert.That(guest.Read32(0xfc), Is.Zero);
    }

    [TestCase(true, 1u)]
    [TestCase(false, 2u)]
    public void An_empty_slot_answers_with_device_id_0(bool legacy, uint version)
    {
        var slot = new VirtioMmioTransport("virtio7", legacy, null, new NoMemory(), new RecordingLine());
        var values = new ulong[] { 0x00, 0x04, 0x08, 0x0c, 0x34, 0x70, 0x100 }.Select(offset => Read(slot, offset, 4));
        Assert.That(values, Is.EqualTo(new ulong[] { 0x7472_6976, version, 0, 0x554d_4551, 0, 0, 0 }));
        for (ulong offset = 0; offset < 0x200; offset += 4)
        {
            Assert.That(slot.Write(offset, 4, 0xffff_ffff), Is.EqualTo(BusStatus.Ok));
        }

        Assert.That(Read(slot, 0x70, 4), Is.Zero);
    }

    [Test]
    public void Features_show_32_bits_at_a_time()
    {
        using var legacy = NewGuest(legacy: true);
        using var modern = NewGuest(legacy: false);

        // Ring features 28 and 29, and of the disk's SEG_MAX (2), BLK_SIZE (6) and FLUSH (9).
        Assert.That(legacy.Read32(0x10), Is.EqualTo(0x3000_0244));
        Assert.That(modern.Read32(0x10), Is.EqualTo(0x3000_0244));
        legacy.Write32(0x14, 1);
        modern.Write32(0x14, 1);
        Assert.That(legacy.Read32(0x10), Is.Zero);
        Assert.That(modern.Read32(0x10), Is.EqualTo(1), "VIRTIO_F_VERSION_1");
        modern.Write32(0x14, 7);
        Assert.That(modern.Read32(0x10), Is.Zero);
    }

    [Test]
    public void FEATURES_OK_is_refused_for_a_feature_that_was_not_offered()
    {
        using var guest = NewGuest(legacy: false);
        guest.Write32(0x70, 3);
        guest.Write32(0x20, 1 << 5);
        guest.Write32(0x70, 11);
        Assert.That(guest.Read32(0x70), Is.EqualTo(3));
        guest.Write32(0x20, 1 << 9);
        guest.Write32(0x70, 11);
        Assert.That(guest.Read32(0x70), Is.EqualTo(11));
    }

    [Test]
    public void A_modern_driver_that_never_writes_the_high_features_is_accepted()
    {
        // kernel/virtio_disk.c from 2022 on: the low half only, so VERSION_1 is missing.
        using var guest = NewGuest(legacy: false);
        guest.Write32(0x70, 0);
        guest.Write32(0x70, 1);
        guest.Write32(0x70, 3);
        uint features = guest.Read32(0x10);
        const uint Refused = (1u << 5) | (1u << 7) | (1u << 11) | (1u << 12) | (1u << 27) | (1u << 28) | (1u << 29);
        guest.Write32(0x20, features & ~Refused);
        guest.Write32(0x70, 11);
        Assert.That(guest.Read32(0x70) & 8, Is.EqualTo(8));
        guest.Write32(0x30, 0);
        Assert.That(guest.Read32(0x44), Is.Zero);
        Assert.That(guest.Read32(0x34), Is.GreaterThanOrEqualTo(8));
        guest.SetUpQueue();
        guest.Write32(0x70, 15);
        Assert.That(guest.Read32(0x44), Is.EqualTo(1));
        guest.Request(0, 0, 1024);
        guest.Submit();
        Assert.That(guest.UsedIndex, Is.EqualTo(1));
        Assert.That(guest.Byte(VirtioGuest.StatusByte), Is.Zero);
    }

    [Test]
    public void xv6_of_2019_gets_an_interrupt_for_each_request_although_it_never_acknowledges()
    {
        using var guest = NewGuest(legacy: true);
        guest.Write32(0x70, 1);
        guest.Write32(0x70, 3);
        guest.Write32(0x20, guest.Read32(0x10) & ~((1u << 28) | (1u << 29)));
        guest.Write32(0x70, 11);
        guest.Write32(0x70, 15);
        guest.Write32(0x28, 4096);
        guest.Write32(0x30, 0);
        guest.Write32(0x38, 8);
        guest.Write32(0x40, (uint)(VirtioGuest.RingPage >> 12));
        for (int i = 1; i <= 20; i++)
        {
            guest.Request(0, 1, 1024);
            guest.Submit();
            Assert.That(guest.UsedIndex, Is.EqualTo(i));
            Assert.That(guest.Line.AssertionCount, Is.EqualTo(i));
            Assert.That(guest.Line.IsUp, Is.True);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Acknowledging_lowers_the_line(bool legacy)
    {
        using var guest = NewGuest(legacy);
        guest.Start();
        guest.Request(0, 0, 512);
        guest.Submit();
        Assert.That(guest.Read32(0x60), Is.EqualTo(1));
        guest.Write32(0x64, 2);
        Assert.That(guest.Line.IsUp, Is.True, "another bit");
        guest.Write32(0x64, 1);
        Assert.That(guest.Read32(0x60), Is.Zero);
        Assert.That(guest.Line.IsUp, Is.False);
    }

    [Test]
    public void NO_INTERRUPT_is_honoured()
    {
        using var guest = NewGuest(legacy: false);
        guest.Start();
        Assert.That(guest.Ram.TryWrite(guest.AvailableRing, [1, 0]));
        guest.Request(0, 0, 512);
        guest.Submit();
        Assert.That(guest.UsedIndex, Is.EqualTo(1));
        Assert.That(guest.Line.AssertionCount, Is.Zero);
        Assert.That(guest.Read32(0x60), Is.Zero);
    }

    [Test]
    public void EVENT_IDX_interrupts_when_the_used_index_passes_used_event()
    {
        using var guest = NewGuest(legacy: false);
        guest.Start(VirtioFeatures.EventIdx);
        guest.Request(0, 0, 512);
        var interrupts = new List<int>();

        // used_event lies behind the eight entries of the available ring: interrupt after the fourth request.
        Assert.That(guest.Ram.TryWrite(guest.AvailableRing + 4 + 16, [3, 0]));
        for (int i = 1; i <= 6; i++)
        {
            int before = guest.Line.AssertionCount;
            guest.Submit();
            if (guest.Line.AssertionCount != before)
            {
                interrupts.Add(i);
            }
        }

        // The first decision after a start always interrupts, as on QEMU.
        Assert.That(interrupts, Is.EqualTo(new[] { 1, 4 }));

        // avail_event lies behind the eight entries of the used ring: notify for the seventh.
        Assert.That(guest.Half(guest.UsedRing + 4 + 64), Is.EqualTo(6));
    }

    [Test]
    public void Without_EVENT_IDX_the_event_fields_are_left_alone()
    {
        using var guest = NewGuest(legacy: false);
        guest.Start();
        Assert.That(guest.Ram.TryWrite(guest.UsedRing + 4 + 64, [0x5a, 0x5a]));
        guest.Request(0, 0, 512);
        guest.Submit();
        Assert.That(guest.Half(guest.UsedRing + 4 + 64), Is.EqualTo(0x5a5a));
    }

    [Test]
    public void The_legacy_page_size_outlives_a_reset_because_Linux_writes_it_first()
    {
        using var guest = NewGuest(legacy: true);
        guest.Write32(0x28, 4096);
        guest.Write32(0x70, 0);
        guest.Write32(0x30, 0);
        guest.Write32(0x38, 8);
        guest.Write32(0x40, (uint)(VirtioGuest.RingPage >> 12));
        Assert.That(guest.Read32(0x40), Is.EqualTo(VirtioGuest.RingPage >> 12));
        guest.Request(0, 0, 512);
        guest.Submit();
        Assert.That(guest.UsedIndex, Is.EqualTo(1));
    }

    [Test]
    public void QueueAlign_moves_the_legacy_used_ring()
    {
        using var guest = NewGuest(legacy: true);
        guest.Write32(0x28, 4096);
        guest.Write32(0x38, 8);
        guest.Write32(0x3c, 256);
        guest.Write32(0x40, (uint)(VirtioGuest.RingPage >> 12));
        guest.Request(0, 0, 512);
        guest.Submit();

        // 8 descriptors of 16 bytes and 22 of available ring, rounded up to 256.
        Assert.That(guest.Half(VirtioGuest.RingPage + 256 + 2), Is.EqualTo(1));
        Assert.That(guest.UsedIndex, Is.Zero);
    }

    [Test]
    public void Releasing_the_legacy_page_resets_the_device()
    {
        using var guest = NewGuest(legacy: true);
        guest.Start();
        guest.Write32(0x40, 0);
        Assert.That(guest.Read32(0x70), Is.Zero);
        Assert.That(guest.Read32(0x40), Is.Zero);
    }

    [Test]
    public void A_modern_queue_waits_for_DRIVER_OK_and_for_QueueReady()
    {
        using var guest = NewGuest(legacy: false);
        guest.Write32(0x70, 11);
        guest.SetUpQueue();
        guest.Request(0, 0, 512);
        guest.Submit();
        Assert.That(guest.UsedIndex, Is.Zero, "no DRIVER_OK");
        guest.Write32(0x70, 15);
        guest.Write32(0x44, 0);
        guest.Notify();
        guest.RunUntilIdle();
        Assert.That(guest.UsedIndex, Is.Zero, "not ready");
        guest.Write32(0x44, 1);
        guest.Notify();
        guest.RunUntilIdle();
        Assert.That(guest.UsedIndex, Is.EqualTo(1));
    }

    [Test]
    public void Stopping_a_queue_drops_the_request_in_flight()
    {
        using var guest = NewGuest(legacy: false);
        guest.Start();
        guest.Request(0, 0, 512);
        guest.MakeAvailable(0);
        guest.Notify();
        guest.Write32(0x44, 0);
        guest.RunUntil(1_000_000);
        Assert.That(guest.Byte(VirtioGuest.StatusByte), Is.EqualTo(0xff));
        Assert.That(guest.UsedIndex, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Status_0_resets_everything_the_driver_set(bool legacy)
    {
        using var guest = NewGuest(legacy);
        using var fresh = NewGuest(legacy);
        guest.Start(VirtioFeatures.EventIdx | VirtioFeatures.IndirectDesc);
        guest.Request(0, 0, 512);
        guest.Submit();
        guest.Slot.Reset();
        Assert.That(guest.Slot.Save(), Is.EqualTo(fresh.Slot.Save()));
        Assert.That(guest.Disk.Save(), Is.EqualTo(fresh.Disk.Save()));
        Assert.That(guest.Line.IsUp, Is.False);
    }

    [Test]
    public void Registers_answer_words_only_and_double_words_are_two()
    {
        using var guest = NewGuest(legacy: false);
        Assert.That(Read(guest.Slot, 0, 1), Is.Zero);
        Assert.That(Read(guest.Slot, 0, 2), Is.Zero);
        Assert.That(Read(guest.Slot, 0, 8), Is.EqualTo(0x0000_0002_7472_6976));
        Assert.That(guest.Slot.Write(0x70, 1, 3), Is.EqualTo(BusStatus.Ok));
        Assert.That(guest.Read32(0x70), Is.Zero);
    }

    [Test]
    public void Behind_the_registers_nothing_answers()
    {
        using var guest = NewGuest(legacy: false);
        Assert.That(guest.Slot.Read(0x200, 4, out _), Is.EqualTo(BusStatus.Fault));
        Assert.That(guest.Slot.Write(0xffc, 4, 0), Is.EqualTo(BusStatus.Fault));
    }

    [Test]
    public void A_queue_that_does_not_exist_reads_0_and_ignores_writes()
    {
        using var guest = NewGuest(legacy: false);
        guest.Write32(0x30, 1);
        Assert.That(guest.Read32(0x34), Is.Zero);
        guest.Write32(0x38, 8);
        guest.Write32(0x44, 1);
        Assert.That(guest.Read32(0x44), Is.Zero);
        guest.Write32(0x50, 1);
        guest.Write32(0x50, 0xffff_ffff);
        Assert.That(guest.NextEventCycles, Is.EqualTo(ulong.MaxValue));
    }

    [Test]
    public void A_change_of_configuration_interrupts_and_moves_the_generation()
    {
        using var guest = NewGuest(legacy: false);
        guest.Start();
        guest.Slot.NotifyConfig();
        Assert.That(guest.Read32(0x60), Is.EqualTo(2));
        Assert.That(guest.Read32(0xfc), Is.EqualTo(1));
        Assert.That(guest.Line.IsUp, Is.True);
        guest.Write32(0x64, 2);
        Assert.That(guest.Line.IsUp, Is.False);
    }

    private static ulong Read(VirtioMmioTransport slot, ulong offset, int sizeBytes)
    {
        Assert.That(slot.Read(offset, sizeBytes, out ulong value), Is.EqualTo(BusStatus.Ok));
        return value;
    }

    private VirtioGuest NewGuest(bool legacy) => new(legacy, new MemoryBackend(_image));
}
