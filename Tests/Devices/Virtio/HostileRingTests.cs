using NUnit.Framework;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Virtio;

/// <summary>
/// A guest that breaks the rules stops its own device and nothing else: no exception, no endless work, no byte touched
/// outside RAM, no sector written. A modern driver is told by DEVICE_NEEDS_RESET; a reset heals.
/// </summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class HostileRingTests(bool legacy)
{
    private const ushort Next = VirtioGuest.Next;
    private const ushort Write = VirtioGuest.Write;
    private const ushort Indirect = VirtioGuest.Indirect;
    private const ulong RamEnd = VirtioGuest.RamBase + VirtioGuest.RamBytes;

    private byte[] _image = [];
    private VirtioGuest _guest = null!;

    [SetUp]
    public void Start_a_device()
    {
        _image = new byte[16 * 512];
        _guest = new VirtioGuest(legacy, new MemoryBackend(_image));
        _guest.Start(VirtioFeatures.IndirectDesc);
        _guest.Request(0, 0, 512);
    }

    [TearDown]
    public void Release() => _guest.Dispose();

    [Test]
    public void A_chain_that_loops() => ExpectStop(() => _guest.Descriptor(1, VirtioGuest.Buffer, 512, Next | Write, 1));

    [Test]
    public void A_chain_that_leaves_the_table() =>
        ExpectStop(() => _guest.Descriptor(0, VirtioGuest.Header, 16, Next, 8));

    [Test]
    public void An_available_entry_that_leaves_the_table() => ExpectStop(() => { }, head: 8);

    [Test]
    public void An_available_index_that_runs_ahead_of_the_ring()
    {
        Assert.That(_guest.Ram.TryWrite(_guest.AvailableRing + 2, [9, 0]));
        _guest.Notify();
        AssertStopped();
    }

    [Test]
    public void A_buffer_outside_RAM() =>
        ExpectStop(() => _guest.Descriptor(1, 0x1000_0000, 512, Next | Write, 2));

    [Test]
    public void A_buffer_that_begins_before_the_end_of_RAM_and_leaves_it() =>
        ExpectStop(() => _guest.Descriptor(1, RamEnd - 256, 512, Next | Write, 2));

    [Test]
    public void A_buffer_that_wraps_round_the_address_space() =>
        ExpectStop(() => _guest.Descriptor(1, ulong.MaxValue - 10, 0xffff_ffff, Next | Write, 2));

    [Test]
    public void A_buffer_of_4_GiB() =>
        ExpectStop(() => _guest.Descriptor(1, VirtioGuest.Buffer, 0xffff_ffff, Next | Write, 2));

    [Test]
    public void A_buffer_of_no_bytes() => ExpectStop(() => _guest.Descriptor(1, VirtioGuest.Buffer, 0, Next | Write, 2));

    [Test]
    public void A_readable_buffer_behind_a_writable_one() => ExpectStop(() =>
    {
        _guest.Descriptor(0, VirtioGuest.Buffer, 16, Next | Write, 1);
        _guest.Descriptor(1, VirtioGuest.Header, 16, Next, 2);
    });

    [Test]
    public void A_header_that_is_too_short() =>
        ExpectStop(() => _guest.Descriptor(0, VirtioGuest.Header, 15, Next, 1));

    [Test]
    public void A_request_without_room_for_a_status() => ExpectStop(() =>
    {
        _guest.WriteHeader(1, 0);
        _guest.Descriptor(0, VirtioGuest.Header, 16, Next, 1);
        _guest.Descriptor(1, VirtioGuest.Buffer, 512, 0);
    });

    [TestCase(0u)]
    [TestCase(8u)]
    [TestCase(17u)]
    public void An_indirect_table_of_no_whole_descriptors(uint length) =>
        ExpectStop(() => _guest.Descriptor(0, VirtioGuest.IndirectTable, length, Indirect));

    [Test]
    public void An_indirect_table_within_an_indirect_table() => ExpectStop(() =>
    {
        _guest.Descriptor(0, VirtioGuest.IndirectTable, 16, Indirect);
        _guest.Descriptor(VirtioGuest.IndirectTable, 0, VirtioGuest.IndirectTable, 16, Indirect);
    });

    [Test]
    public void An_indirect_table_that_loops() => ExpectStop(() =>
    {
        _guest.Descriptor(0, VirtioGuest.IndirectTable, 32, Indirect);
        _guest.Descriptor(VirtioGuest.IndirectTable, 0, VirtioGuest.Header, 16, Next, 1);
        _guest.Descriptor(VirtioGuest.IndirectTable, 1, VirtioGuest.Header, 16, Next, 0);
    });

    [Test]
    public void An_indirect_table_outside_RAM() => ExpectStop(() => _guest.Descriptor(0, RamEnd, 48, Indirect));

    [Test]
    public void An_indirect_table_that_goes_on_in_the_ring() =>
        ExpectStop(() => _guest.Descriptor(0, VirtioGuest.IndirectTable, 48, Indirect | Next, 1));

    [Test]
    public void An_indirect_table_that_was_not_negotiated()
    {
        _guest.Start();
        ExpectStop(() =>
        {
            _guest.Descriptor(0, VirtioGuest.IndirectTable, 48, Indirect);
            _guest.Descriptor(VirtioGuest.IndirectTable, 0, VirtioGuest.Header, 16, Next, 1);
            _guest.Descriptor(VirtioGuest.IndirectTable, 1, VirtioGuest.StatusByte, 1, Write);
        });
    }

    [Test]
    public void A_chain_that_is_spoilt_while_it_is_in_flight()
    {
        _guest.MakeAvailable(0);
        _guest.Notify();
        _guest.Descriptor(1, 0, 512, Next | Write, 2);
        _guest.RunUntilIdle();
        AssertStopped();
    }

    [Test]
    public void Rings_outside_RAM()
    {
        if (legacy)
        {
            _guest.Write32(VirtioMmioOffset.QueuePfn, 0x10_0000);
        }
        else
        {
            _guest.Write32(VirtioMmioOffset.QueueReady, 0);
            _guest.Write32(VirtioMmioOffset.QueueDriverHigh, 0xffff_ffff);
            _guest.Write32(VirtioMmioOffset.QueueReady, 1);
        }

        _guest.Notify();
        AssertStopped();
    }

    [Test]
    public void The_longest_legal_chain_works_and_one_longer_stops()
    {
        foreach (int length in new[] { 1024, 1025 })
        {
            _guest.Start(VirtioFeatures.IndirectDesc);
            const ulong Table = VirtioGuest.Buffer;
            _guest.WriteHeader(0, 0);
            _guest.Descriptor(Table, 0, VirtioGuest.Header, 16, Next, 1);
            for (int i = 1; i < length; i++)
            {
                bool last = i == length - 1;
                _guest.Descriptor(Table, i, VirtioGuest.StatusByte, 1, last ? Write : (ushort)(Next | Write), (ushort)(i + 1));
            }

            _guest.Descriptor(0, Table, (uint)length * 16, Indirect);
            _guest.Submit();
            Assert.That(_guest.UsedIndex, Is.EqualTo(length == 1024 ? 1 : 0));
        }

        AssertStopped();
    }

    private void ExpectStop(Action spoil, ushort head = 0)
    {
        spoil();
        _guest.Submit(head);
        AssertStopped();

        // A reset heals: the negative control of everything above.
        _guest.Start(VirtioFeatures.IndirectDesc);
        _guest.Request(0, 0, 512);
        _guest.Submit();
        Assert.That(_guest.UsedIndex, Is.EqualTo(1));
        Assert.That(_guest.Byte(VirtioGuest.StatusByte), Is.Zero);
    }

    private void AssertStopped()
    {
        Assert.That(_guest.UsedIndex, Is.Zero);
        Assert.That(_image.All(b => b == 0));
        Assert.That(_guest.Read32(VirtioMmioOffset.Status) & 64, Is.EqualTo(legacy ? 0 : 64), "DEVICE_NEEDS_RESET");
        Assert.That(_guest.Read32(VirtioMmioOffset.InterruptStatus) & 2, Is.EqualTo(legacy ? 0 : 2));
        _guest.Notify();
        Assert.That(_guest.NextEventCycles, Is.EqualTo(ulong.MaxValue), "it stays stopped");
    }
}
