using NUnit.Framework;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Virtio;

public sealed class VirtioFuzzTests
{
    private const int Rounds = 400;
    private const int StepsPerRound = 60;

    /// <summary>
    /// Rings near to legal ones, random registers, random time. The oracle: no exception, no hang, the line agrees with
    /// InterruptStatus, and a snapshot round-trips.
    /// </summary>
    [TestCase(true, 20261121)]
    [TestCase(false, 20261122)]
    public void Random_guests_never_hurt_the_device(bool legacy, int seed)
    {
        var random = new Random(seed);
        byte[] image = new byte[32 * 512];
        int completed = 0;
        using var guest = new VirtioGuest(legacy, new MemoryBackend(image));
        using var twin = new VirtioGuest(legacy, new MemoryBackend(image));
        for (int round = 0; round < Rounds; round++)
        {
            guest.Write32(VirtioMmioRegister.Status, 0);
            guest.Start((ulong)random.Next(4) << 28);
            Assert.That(guest.Ram.TryWrite(guest.UsedRing, new byte[4]));
            for (int step = 0; step < StepsPerRound; step++)
            {
                if (random.Next(24) == 0)
                {
                    WildStep(guest, random);
                }
                else
                {
                    TameStep(guest, random);
                }

                uint status = guest.Read32(VirtioMmioRegister.InterruptStatus);
                Assert.That(guest.Line.IsUp, Is.EqualTo(status != 0), $"seed {seed}, round {round}, step {step}");
            }

            var saved = guest.Slot.Save();
            twin.Slot.Restore(saved);
            twin.Disk.Restore(guest.Disk.Save());
            Assert.That(twin.Slot.Save(), Is.EqualTo(saved), $"seed {seed}, round {round}");
            Assert.That(twin.Disk.Save(), Is.EqualTo(guest.Disk.Save()), $"seed {seed}, round {round}");
            guest.RunUntilIdle();
            completed += guest.UsedIndex;
        }

        Assert.That(completed, Is.GreaterThan(Rounds), "the guests are too wild to reach the device's depths");
    }

    private static void TameStep(VirtioGuest guest, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                guest.Write32(VirtioMmioRegister.InterruptAck, (uint)random.Next(4));
                break;
            case 1:
                guest.RunUntil(guest.NowCycles + (ulong)random.Next(30_000));
                break;
            case 2:
                guest.Request(
                    (uint)random.Next(12), (ulong)random.Next(40), (uint)random.Next(1, 5) * 512, 3 * random.Next(2),
                    random.Next(2) == 0);
                break;
            default:
                guest.Request(0, (ulong)random.Next(32), 512, 0);
                guest.MakeAvailable(0);
                guest.Notify();
                break;
        }
    }

    private static void WildStep(VirtioGuest guest, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                guest.Slot.Write((ulong)random.Next(0x80) * 4, 4, (uint)random.NextInt64());
                break;
            case 1:
                int size = 1 << random.Next(4);
                guest.Slot.Read((ulong)random.Next(0x200) & ~(ulong)(size - 1), size, out _);
                guest.Slot.Write((ulong)random.Next(0x200) & ~(ulong)(size - 1), size, (ulong)random.Next(16));
                break;
            case 2:
                guest.Descriptor(
                    VirtioGuest.IndirectTable, random.Next(4), RandomAddress(random), RandomLength(random),
                    (ushort)random.Next(4), (ushort)random.Next(5));
                guest.Descriptor(0, VirtioGuest.IndirectTable, 64, VirtioGuest.Indirect);
                break;
            case 3:
                guest.MakeAvailable((ushort)random.Next(9));
                guest.Notify();
                break;
            default:
                guest.Descriptor(
                    random.Next(8), RandomAddress(random), RandomLength(random), (ushort)random.Next(8), (ushort)random.Next(10));
                guest.MakeAvailable((ushort)random.Next(8));
                guest.Notify();
                break;
        }
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
}
