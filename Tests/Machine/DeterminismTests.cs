using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine;

/// <summary>A run is a function of image, options and host events; how the host cuts it into pieces is no input.</summary>
internal sealed class DeterminismTests
{
    private const ulong RunCycles = 400_000;

    [Test]
    public void A_run_repeats_and_is_the_same_in_one_piece_and_in_many(
        [Values(1, 3, 8)] int harts, [Values(false, true)] bool seeded)
    {
        ulong? seed = seeded ? 12345UL : null;
        string whole = Run(harts, seed, RunCycles);

        Assert.That(Run(harts, seed, RunCycles), Is.EqualTo(whole), "repeats");
        Assert.That(Run(harts, seed, 100_000), Is.EqualTo(whole), "in quarters");
        Assert.That(Run(harts, seed, 977), Is.EqualTo(whole), "in pieces of 977 cycles");
        Assert.That(Run(harts, seed, 1), Is.EqualTo(whole), "cycle by cycle");
    }

    [Test]
    public void A_seed_changes_the_interleaving_of_several_harts_but_nothing_about_one()
    {
        string[] several = [Run(3, null, RunCycles), Run(3, 1, RunCycles), Run(3, 2, RunCycles)];
        Assert.That(several.Distinct().Count(), Is.EqualTo(3));

        string[] one = [Run(1, null, RunCycles), Run(1, 1, RunCycles)];
        Assert.That(one.Distinct().Count(), Is.EqualTo(1), "alone there is nothing to interleave");
    }

    [Test]
    public void The_digest_notices_one_changed_bit()
    {
        using var guest = new BareMachine(BusyGuest.Program);
        string before = GuestTrace.Of(guest);
        guest.Poke(BusyGuest.Shared + 0x800, 1);
        Assert.That(GuestTrace.Of(guest), Is.Not.EqualTo(before));
    }

    private static string Run(int harts, ulong? seed, ulong pieceCycles)
    {
        var setup = new MachineSetup { HartCount = harts, MemoryBytes = 1 << 20, ScheduleSeed = seed };
        using var guest = new BareMachine(BusyGuest.Program, setup);
        for (ulong limit = 0; limit < RunCycles;)
        {
            limit = Math.Min(limit + pieceCycles, RunCycles);
            guest.Machine.Run(limit);
        }

        Assert.That(guest.X(12), Is.GreaterThan(300), "the guest got on");
        Assert.That(guest.X(21), Is.GreaterThan(3), "and was interrupted");
        return GuestTrace.Of(guest);
    }
}
