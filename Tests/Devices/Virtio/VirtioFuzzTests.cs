using NUnit.Framework;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Fuzz;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Virtio;

/// <summary>
/// The common harness, with drivers that are mostly sane among its inputs: random registers alone would never get a
/// queue running.
/// </summary>
public sealed class VirtioFuzzTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void A_slot_with_a_disk_keeps_its_promises(bool legacy)
    {
        int transfers = 0;
        var plan = new FuzzPlan<DiskState>(VirtioMmioRegisters.SizeBytes, rig =>
        {
            var overlay = new MemoryOverlayBackend(new MemoryBackend(new byte[32 * 512]));
            var guest = new VirtioGuest(legacy, new CountingBackend(overlay, () => transfers++), rig: rig);
            return new FuzzSubject<DiskState>(guest.Slot, Save, Restore)
            {
                Inputs =
                [
                    n => StartRarely(guest, n),
                    n => RequestSanely(guest, n),
                    n => RequestSanely(guest, n),
                    n => RequestWildlyAtTimes(guest, n),
                ],
            };

            DiskState Save() => new(guest.Slot.Save(), guest.Disk.Save(), overlay.Save());

            void Restore(DiskState state)
            {
                guest.Slot.Restore(state.Slot);
                guest.Disk.Restore(state.Disk);
                overlay.Restore(state.Overlay);
            }
        })
        {
            TypicalCycles = 30_000,
            UsesMemory = true,

            // Mostly harmless offsets, or no driver would get far: interrupts, features, and the configuration.
            Offsets =
            [
                VirtioMmioOffset.InterruptStatus, VirtioMmioOffset.InterruptAck, VirtioMmioOffset.DeviceFeaturesSel,
                VirtioMmioOffset.DeviceFeatures, VirtioMmioOffset.QueueNotify, VirtioMmioOffset.Config,
            ],
        };

        FuzzBudget.Spend(plan);
        Assert.That(transfers, Is.GreaterThan(1_000), "the drivers are too wild to reach the device's depths");
    }

    [Test]
    public void Every_register_of_an_empty_slot_and_of_one_with_a_disk_takes_anything()
    {
        foreach (bool empty in new[] { true, false })
        {
            var plan = new FuzzPlan<DiskState>(VirtioMmioRegisters.SizeBytes, rig =>
            {
                var disk = new VirtioBlk(new MemoryBackend(new byte[512]), rig.Clock, rig.Scheduler);
                var slot = new VirtioMmioTransport(
                    "virtio0", isLegacy: false, empty ? null : disk, rig.Memory, rig.CreateLine());
                var nothing = new MemoryOverlayBackend(new MemoryBackend([])).Save();
                return new FuzzSubject<DiskState>(
                    slot,
                    () => new DiskState(slot.Save(), disk.Save(), nothing),
                    state =>
                    {
                        slot.Restore(state.Slot);
                        disk.Restore(state.Disk);
                    });
            })
            {
                UsesMemory = true,
                Values = [1, 3, 8, 11, 15, 4096, 0x8000_0000, 0x8_0000],
            };

            FuzzBudget.Spend(plan.AimAt(VirtioMmioRegisters.Table));
        }
    }

    private static void StartRarely(VirtioGuest guest, int number)
    {
        if (number % 8 == 0)
        {
            guest.Start((ulong)(number >> 4 & 3) << 28);
        }
    }

    private static void RequestSanely(VirtioGuest guest, int number)
    {
        uint type = (uint)(number & 1);
        guest.Request(type, (ulong)(number >> 4 & 31), 512, first: 0, deviceWrites: type == 0);
        guest.MakeAvailable(0);
        guest.Notify();
    }

    private static void RequestWildlyAtTimes(VirtioGuest guest, int number)
    {
        if (number % 16 != 0)
        {
            return;
        }

        var random = new Random(number);
        guest.Request((uint)random.Next(12), (ulong)random.Next(40), (uint)random.Next(1, 5) * 512);
        for (int i = random.Next(3); i >= 0; i--)
        {
            ulong table = random.Next(3) == 0 ? VirtioGuest.IndirectTable : VirtioGuest.Descriptors;
            guest.Descriptor(
                table, random.Next(8), RandomAddress(random), RandomLength(random), (ushort)random.Next(8),
                (ushort)random.Next(10));
        }

        guest.MakeAvailable((ushort)random.Next(9));
        guest.Notify();
    }

    private static ulong RandomAddress(Random random) => random.Next(8) switch
    {
        0 => VirtioGuest.Header,
        1 => VirtioGuest.IndirectTable,
        2 => VirtioGuest.RamBase + VirtioGuest.RamBytes - (ulong)random.Next(600),
        3 => (ulong)random.NextInt64(),
        4 => VirtioGuest.RingPage + (ulong)random.Next(0x3000),
        _ => VirtioGuest.Buffer + (ulong)random.Next(0x1000),
    };

    private static uint RandomLength(Random random) => random.Next(5) switch
    {
        0 => (uint)random.Next(40),
        1 => (uint)random.NextInt64(),
        2 => 16,
        _ => (uint)random.Next(4) * 512,
    };

    private sealed record DiskState(VirtioMmioState Slot, VirtioBlkState Disk, MemoryOverlayState Overlay);

    private sealed class CountingBackend(IBlockBackend below, Action onTransfer) : IBlockBackend
    {
        public ulong CapacitySectors => below.CapacitySectors;

        public bool IsReadOnly => below.IsReadOnly;

        public bool Read(ulong sector, Span<byte> destination)
        {
            onTransfer();
            return below.Read(sector, destination);
        }

        public bool Write(ulong sector, ReadOnlySpan<byte> source)
        {
            onTransfer();
            return below.Write(sector, source);
        }

        public bool Flush() => below.Flush();
    }
}
