using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Virtio;

[TestFixture(true)]
[TestFixture(false)]
public sealed class VirtioBlkTests(bool legacy)
{
    private const uint In = 0;
    private const uint Out = 1;
    private const uint Flush = 4;
    private const uint GetId = 8;

    private byte[] _image = [];
    private VirtioGuest _guest = null!;

    [SetUp]
    public void Make_a_disk_of_64_sectors()
    {
        _image = new byte[64 * 512];
        for (int i = 0; i < _image.Length; i++)
        {
            _image[i] = (byte)(i * 7 + i / 512);
        }

        _guest = new VirtioGuest(legacy, new MemoryBackend(_image), "disk-7");
    }

    [TearDown]
    public void Release() => _guest.Dispose();

    [Test]
    public void A_read_delivers_the_sectors_then_the_status_then_the_used_entry()
    {
        _guest.Start();
        _guest.Request(In, sector: 3, lengthBytes: 1024);
        _guest.Submit();

        Assert.That(_guest.Bytes(VirtioGuest.Buffer, 1024), Is.EqualTo(_image[1536..2560]));
        Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.Zero);
        Assert.That(_guest.UsedIndex, Is.EqualTo(1));
        Assert.That(_guest.Used(0), Is.EqualTo((0u, 1025u)));
    }

    [Test]
    public void A_write_reaches_the_backend()
    {
        _guest.Start();
        byte[] data = Encoding.ASCII.GetBytes(new string('w', 512));
        Assert.That(_guest.Ram.TryWrite(VirtioGuest.Buffer, data));
        byte[] before = [.. _image];
        _guest.Request(Out, sector: 5, lengthBytes: 512, deviceWrites: false);
        _guest.Submit();

        Assert.That(_image[2560..3072], Is.EqualTo(data));
        Assert.That(_image[..2560], Is.EqualTo(before[..2560]));
        Assert.That(_image[3072..], Is.EqualTo(before[3072..]));
        Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.Zero);
        Assert.That(_guest.Used(0), Is.EqualTo((0u, 1u)));
    }

    [Test]
    public void Nothing_is_visible_before_the_latency_has_passed()
    {
        _guest.Start();
        ulong start = _guest.NowCycles;
        _guest.Request(In, sector: 0, lengthBytes: 4096);
        _guest.MakeAvailable(0);
        _guest.Notify();

        // 10 us, and 4096 bytes at 1000 a microsecond, at 1000 cycles a microsecond.
        Assert.That(_guest.NextEventCycles - start, Is.EqualTo(14_096));
        _guest.RunUntil(start + 14_095);
        Assert.That(_guest.UsedIndex, Is.Zero);
        Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.EqualTo(0xff));
        Assert.That(_guest.Line.IsUp, Is.False);
        _guest.RunUntil(start + 14_096);
        Assert.That(_guest.UsedIndex, Is.EqualTo(1));
        Assert.That(_guest.Line.IsUp, Is.True);
    }

    [Test]
    public void Requests_that_wait_in_the_ring_are_served_in_order_after_one_notification()
    {
        _guest.Start();
        _guest.Request(In, sector: 0, lengthBytes: 512, first: 0);
        _guest.Request(In, sector: 9, lengthBytes: 512, first: 3);
        _guest.MakeAvailable(3);
        _guest.MakeAvailable(0);
        _guest.Notify();
        _guest.RunUntilIdle();

        Assert.That(_guest.UsedIndex, Is.EqualTo(2));
        Assert.That(_guest.Used(0).Id, Is.EqualTo(3));
        Assert.That(_guest.Used(1).Id, Is.Zero);
        Assert.That(_guest.Bytes(VirtioGuest.Buffer, 512), Is.EqualTo(_image[..512]));
    }

    [Test]
    public void The_rings_wrap_and_go_on_for_more_requests_than_indices()
    {
        _guest.Start();
        _guest.Request(In, sector: 1, lengthBytes: 512);
        for (int i = 1; i <= 66_000; i++)
        {
            _guest.MakeAvailable(0);
            _guest.Notify();
            _guest.RunUntil(_guest.NextEventCycles);
            if (_guest.UsedIndex != (ushort)i)
            {
                Assert.Fail($"request {i} was not returned");
            }
        }
    }

    [Test]
    public void A_request_allocates_nothing()
    {
        _guest.Start();
        _guest.Request(In, sector: 1, lengthBytes: 512);
        Serve(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Serve(1_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(_guest.UsedIndex, Is.EqualTo(1_100));

        // Every entry of the ring is descriptor 0, so that only the index has to move.
        void Serve(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _guest.Ram.TryReadUInt16(_guest.AvailableRing + 2, out ushort index);
                _guest.Ram.TryWriteUInt16(_guest.AvailableRing + 2, (ushort)(index + 1));
                _guest.Slot.Write(VirtioMmioOffset.QueueNotify, 4, 0);
                _guest.RunUntil(_guest.NextEventCycles);
                _guest.Slot.Write(VirtioMmioOffset.InterruptAck, 4, 1);
            }
        }
    }

    [Test]
    public void Flush_asks_the_backend()
    {
        var backend = new FaultyBackend(_image);
        using var guest = new VirtioGuest(legacy, backend);
        guest.Start(VirtioBlk.FeatureFlush);
        guest.WriteHeader(Flush, 0);
        guest.Descriptor(0, VirtioGuest.Header, 16, VirtioGuest.Next, 1);
        guest.Descriptor(1, VirtioGuest.StatusByte, 1, VirtioGuest.Write);
        guest.Submit();

        Assert.That(backend.Flushes, Is.EqualTo(1));
        Assert.That(guest.Byte(VirtioGuest.StatusByte), Is.Zero);
    }

    [TestCase(20u, "disk-7\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [TestCase(4u, "disk")]
    public void GetId_returns_the_serial_padded_with_zeros(uint length, string expected)
    {
        _guest.Start();
        _guest.Request(GetId, 0, length);
        _guest.Submit();

        Assert.That(Encoding.ASCII.GetString(_guest.Bytes(VirtioGuest.Buffer, (int)length)), Is.EqualTo(expected));
        Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.Zero);
        Assert.That(_guest.Used(0).Length, Is.EqualTo(length + 1));
    }

    [TestCase(2u)]
    [TestCase(11u)]
    [TestCase(13u)]
    [TestCase(0x7fff_ffffu)]
    public void A_request_that_the_device_does_not_know_ends_with_UNSUPP(uint type)
    {
        _guest.Start();
        _guest.Request(type, 0, 512);
        _guest.Submit();

        Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.EqualTo(2));
        Assert.That(_guest.UsedIndex, Is.EqualTo(1));
    }

    [TestCase(64UL, 512u)]
    [TestCase(63UL, 1024u)]
    [TestCase(ulong.MaxValue, 512u)]
    [TestCase(0UL, 513u)]
    public void A_transfer_outside_the_disk_or_not_of_whole_sectors_ends_with_IOERR(ulong sector, uint length)
    {
        byte[] before = [.. _image];
        foreach (uint type in new[] { In, Out })
        {
            _guest.Start();
            _guest.Request(type, sector, length, deviceWrites: type == In);
            _guest.Submit();
            Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.EqualTo(1));
        }

        Assert.That(_image, Is.EqualTo(before));
    }

    [Test]
    public void The_last_sector_can_be_read()
    {
        _guest.Start();
        _guest.Request(In, 63, 512);
        _guest.Submit();
        Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.Zero);
    }

    [Test]
    public void A_failure_of_the_host_ends_with_IOERR_and_the_device_goes_on()
    {
        var backend = new FaultyBackend(_image) { Fails = true };
        using var guest = new VirtioGuest(legacy, backend);
        foreach (uint type in new[] { In, Out, Flush })
        {
            guest.Start();
            guest.Request(type, 0, 512, deviceWrites: type != Out);
            guest.Submit();
            Assert.That(guest.Byte(VirtioGuest.StatusByte), Is.EqualTo(1), $"type {type}");
        }

        backend.Fails = false;
        guest.Request(In, 0, 512);
        guest.Submit();
        Assert.That(guest.Byte(VirtioGuest.StatusByte), Is.Zero);
    }

    [Test]
    public void A_read_only_disk_says_so_and_refuses_writes()
    {
        byte[] before = [.. _image];
        using var guest = new VirtioGuest(legacy, new MemoryBackend(_image, isReadOnly: true));
        Assert.That(guest.Read32(VirtioMmioOffset.DeviceFeatures) & (1 << 5), Is.Not.Zero);
        Assert.That(_guest.Read32(VirtioMmioOffset.DeviceFeatures) & (1 << 5), Is.Zero);
        guest.Start();
        guest.Request(Out, 0, 512, deviceWrites: false);
        guest.Submit();
        Assert.That(guest.Byte(VirtioGuest.StatusByte), Is.EqualTo(1));
        Assert.That(_image, Is.EqualTo(before));
    }

    [Test]
    public void Framing_is_free_even_when_header_data_and_status_are_split_at_odd_places()
    {
        _guest.Start();
        _guest.WriteHeader(In, 2);
        _guest.Descriptor(0, VirtioGuest.Header, 5, VirtioGuest.Next, 1);
        _guest.Descriptor(1, VirtioGuest.Header + 5, 11, VirtioGuest.Next, 2);
        _guest.Descriptor(2, VirtioGuest.Buffer, 100, VirtioGuest.Next | VirtioGuest.Write, 3);
        _guest.Descriptor(3, VirtioGuest.Buffer + 100, 413, VirtioGuest.Write);
        _guest.Submit();

        Assert.That(_guest.Bytes(VirtioGuest.Buffer, 512), Is.EqualTo(_image[1024..1536]));
        Assert.That(_guest.Byte(VirtioGuest.Buffer + 512), Is.Zero);
        Assert.That(_guest.Used(0).Length, Is.EqualTo(513));
    }

    [Test]
    public void Indirect_descriptors_work_when_negotiated()
    {
        _guest.Start(VirtioFeatures.IndirectDesc);
        _guest.WriteHeader(In, 4);
        _guest.Descriptor(VirtioGuest.IndirectTable, 0, VirtioGuest.Header, 16, VirtioGuest.Next, 2);
        _guest.Descriptor(VirtioGuest.IndirectTable, 1, VirtioGuest.StatusByte, 1, VirtioGuest.Write);
        _guest.Descriptor(VirtioGuest.IndirectTable, 2, VirtioGuest.Buffer, 512, VirtioGuest.Next | VirtioGuest.Write, 1);
        _guest.Descriptor(6, VirtioGuest.IndirectTable, 48, VirtioGuest.Indirect);
        _guest.Submit(6);

        Assert.That(_guest.Bytes(VirtioGuest.Buffer, 512), Is.EqualTo(_image[2048..2560]));
        Assert.That(_guest.Used(0), Is.EqualTo((6u, 513u)));
    }

    [Test]
    public void The_configuration_answers_bytes_halves_and_words()
    {
        _guest.Slot.Read(0x100, 1, out ulong byteValue);
        _guest.Slot.Read(0x100, 2, out ulong halfValue);
        _guest.Slot.Read(0x100, 8, out ulong doubleValue);
        Assert.That((byteValue, halfValue, doubleValue), Is.EqualTo((64UL, 64UL, 64UL)), "capacity");
        Assert.That(_guest.Read32(0x10c), Is.EqualTo(254), "seg_max");
        Assert.That(_guest.Read32(0x114), Is.EqualTo(512), "blk_size");
        Assert.That(_guest.Read32(0x1fc), Is.EqualTo(uint.MaxValue), "outside");
    }

    [Test]
    public void A_reset_forgets_the_request_in_flight()
    {
        _guest.Start();
        _guest.Request(In, 0, 512);
        _guest.MakeAvailable(0);
        _guest.Notify();
        _guest.Write32(VirtioMmioOffset.Status, 0);
        _guest.RunUntil(1_000_000);

        Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.EqualTo(0xff));
        Assert.That(_guest.UsedIndex, Is.Zero);
        Assert.That(_guest.Line.IsUp, Is.False);
    }

    [Test]
    public void A_snapshot_taken_in_flight_completes_on_another_machine()
    {
        _guest.Start(VirtioFeatures.EventIdx);
        _guest.Request(In, 3, 512);
        _guest.MakeAvailable(0);
        _guest.Notify();
        using var other = new VirtioGuest(legacy, new MemoryBackend(_image));
        Assert.That(other.Ram.TryWrite(VirtioGuest.RamBase, _guest.Bytes(VirtioGuest.RamBase, (int)VirtioGuest.RamBytes)));
        other.Slot.Restore(_guest.Slot.Save());
        other.Disk.Restore(_guest.Disk.Save());

        // The queues compare by content, element by element, because records do.
        Assert.That(other.Slot.Save(), Is.EqualTo(_guest.Slot.Save()));
        Assert.That(other.Disk.Save(), Is.EqualTo(_guest.Disk.Save()));
        _guest.RunUntilIdle();
        other.RunUntilIdle();
        Assert.That(other.NowCycles, Is.EqualTo(_guest.NowCycles));
        Assert.That(
            other.Bytes(VirtioGuest.RamBase, (int)VirtioGuest.RamBytes),
            Is.EqualTo(_guest.Bytes(VirtioGuest.RamBase, (int)VirtioGuest.RamBytes)));
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(_guest.Bytes(other.UsedRing + 2, 2)), Is.EqualTo(1));
        Assert.That(other.Slot.Save(), Is.EqualTo(_guest.Slot.Save()));
    }
}
