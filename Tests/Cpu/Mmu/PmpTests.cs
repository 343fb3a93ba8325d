using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Tests.Cpu.Mmu;

/// <summary>Matching and permission, compared with <see cref="PlainPmp"/> on random configurations.</summary>
internal sealed class PmpTests
{
    private const int Configurations = 1_000;
    private const int AccessesEach = 40;

    private static readonly AccessKind[] s_kinds = [AccessKind.Load, AccessKind.Store, AccessKind.Fetch];

    private static readonly PrivilegeMode[] s_modes =
        [PrivilegeMode.User, PrivilegeMode.Supervisor, PrivilegeMode.Machine];

    [Test]
    public void A_check_agrees_with_the_oracle_that_looks_at_every_bit()
    {
        var outcome = Compare(PmpMistake.None);

        Assert.That(outcome.Differences, Is.Empty);
        Assert.That(outcome.Allowed, Is.GreaterThan(Configurations * AccessesEach / 10), "both answers must be common");
        Assert.That(outcome.Denied, Is.GreaterThan(Configurations * AccessesEach / 10), "both answers must be common");
    }

    [TestCase(PmpMistake.LastEntryWins)]
    [TestCase(PmpMistake.PartialMatchPasses)]
    [TestCase(PmpMistake.LockDoesNotBindMachine)]
    [TestCase(PmpMistake.UnmatchedUserPasses)]
    [TestCase(PmpMistake.TopIsInclusive)]
    [TestCase(PmpMistake.NapotHalfAsLarge)]
    public void The_comparison_notices_a_mistake(PmpMistake mistake)
    {
        Assert.That(Compare(mistake).Differences, Is.Not.Empty);
    }

    [Test]
    public void Within_a_uniform_page_all_accesses_get_the_same_answer()
    {
        var random = new Random(20_251);
        var differences = new List<string>();
        int uniform = 0, mixed = 0;
        for (int round = 0; round < 200; round++)
        {
            var s = RandomHart(random, out var plain);
            ulong page = 0x8000_0000 + ((ulong)random.Next(8) << 12);
            if (!Pmp.PageIsUniform(ref s, page))
            {
                mixed++;
                continue;
            }

            uniform++;
            foreach (var kind in s_kinds)
            {
                foreach (var mode in s_modes)
                {
                    bool answer = Pmp.Check(ref s, page, 1, kind, mode);
                    for (ulong offset = 0; offset < 4096; offset += 64)
                    {
                        if (plain.Allows(page + offset, 8, kind, mode) != answer)
                        {
                            differences.Add($"round {round}, page {page:x}, offset {offset:x}, {kind} from {mode}");
                        }
                    }
                }
            }
        }

        Assert.That(differences, Is.Empty);
        Assert.That(Math.Min(uniform, mixed), Is.GreaterThan(20), "both kinds of page must be common");
    }

    [Test]
    public void A_page_is_uniform_by_the_first_entry_that_covers_it_whatever_later_entries_do()
    {
        var s = default(HartState);
        Configure(ref s, 0, Napot(0x8000_0000, 8192), 0x1F);
        Configure(ref s, 1, 0x8000_0010 >> 2, 0x17);

        Assert.That(Pmp.PageIsUniform(ref s, 0x8000_0000), Is.True, "entry 0 decides before NA4 entry 1");
        Configure(ref s, 0, Napot(0x8000_0000, 8192), 0);
        Assert.That(Pmp.PageIsUniform(ref s, 0x8000_0000), Is.False, "now entry 1 begins inside");
        Assert.That(Pmp.PageIsUniform(ref s, 0x8000_1000), Is.True, "nothing touches the next page");
    }

    [Test]
    public void What_xv6_programs_opens_all_memory_to_supervisor_mode()
    {
        var s = default(HartState);
        Pmp.WriteAddress(ref s, 0, 0x3F_FFFF_FFFF_FFFF);
        Pmp.WriteConfig(ref s, 0, 0xF);

        Assert.That(Pmp.Check(ref s, 0x8000_0000, 8, AccessKind.Store, PrivilegeMode.Supervisor), Is.True);
        Assert.That(Pmp.Check(ref s, 0, 4, AccessKind.Fetch, PrivilegeMode.User), Is.True);
        Assert.That(Pmp.Check(ref s, 0xFF_FFFF_FFFF_FFF8, 8, AccessKind.Load, PrivilegeMode.User), Is.False,
            "TOR ends below the last word of 2^56");
        Assert.That(Pmp.PageIsUniform(ref s, 0x8000_0000), Is.True);
    }

    [TestCase(0UL)]
    [TestCase(ulong.MaxValue)]
    [TestCase(ulong.MaxValue - 6)]
    public void The_ends_of_the_address_space_are_answered_without_wrapping(ulong address)
    {
        var s = default(HartState);
        Configure(ref s, 0, Napot(0, 8), 0x1F);

        Assert.That(Pmp.Check(ref s, address, 8, AccessKind.Load, PrivilegeMode.Machine), Is.True);
        Assert.That(Pmp.Check(ref s, address, 8, AccessKind.Load, PrivilegeMode.User), Is.EqualTo(address == 0));
    }

    [Test]
    public void The_courtesy_lets_old_kernels_run_until_the_first_write_to_a_PMP_register()
    {
        var s = new HartState { PmpCourtesy = true };

        Assert.That(Pmp.Check(ref s, 0x8000_0000, 4, AccessKind.Fetch, PrivilegeMode.Machine), Is.True);
        Assert.That(s.PmpCourtesyUsed, Is.False, "M-mode needs none");
        Assert.That(Pmp.Check(ref s, 0x8000_0000, 4, AccessKind.Fetch, PrivilegeMode.Supervisor), Is.True);
        Assert.That(s.PmpCourtesyUsed, Is.True);

        Pmp.WriteAddress(ref s, 7, 0);
        Assert.That(Pmp.Check(ref s, 0x8000_0000, 4, AccessKind.Fetch, PrivilegeMode.Supervisor), Is.False);
    }

    [Test]
    public void Without_the_courtesy_an_unprogrammed_PMP_stops_supervisor_and_user_mode()
    {
        var s = default(HartState);

        Assert.That(Pmp.Check(ref s, 0x8000_0000, 4, AccessKind.Fetch, PrivilegeMode.Supervisor), Is.False);
        Assert.That(Pmp.Check(ref s, 0x8000_0000, 4, AccessKind.Load, PrivilegeMode.User), Is.False);
        Assert.That(s.PmpCourtesyUsed, Is.False);
    }

    private static (List<string> Differences, int Allowed, int Denied) Compare(PmpMistake mistake)
    {
        var random = new Random(20_250);
        var differences = new List<string>();
        int allowed = 0;
        for (int round = 0; round < Configurations; round++)
        {
            var s = RandomHart(random, out var plain, mistake);
            for (int i = 0; i < AccessesEach; i++)
            {
                int size = 1 << random.Next(4);
                ulong address = 0x8000_0000 + (ulong)random.Next(random.Next(2) == 0 ? 0x100 : 0x8000);
                var kind = s_kinds[random.Next(3)];
                var mode = s_modes[random.Next(3)];
                bool actual = Pmp.Check(ref s, address, size, kind, mode);
                allowed += actual ? 1 : 0;
                if (actual != plain.Allows(address, size, kind, mode))
                {
                    differences.Add($"round {round}: {kind} of {size} at 0x{address:x} from {mode}: got {actual}");
                }
            }
        }

        return (differences, allowed, Configurations * AccessesEach - allowed);
    }

    /// <summary>A few entries around 0x8000_0000, written address first so that locks do not get in the way.</summary>
    private static HartState RandomHart(Random random, out PlainPmp plain, PmpMistake mistake = PmpMistake.None)
    {
        var s = default(HartState);
        var config = new byte[HartState.PmpEntryCount];
        var address = new ulong[HartState.PmpEntryCount];
        int used = random.Next(1, 7);
        for (int i = 0; i < used; i++)
        {
            int entry = random.Next(HartState.PmpEntryCount);
            int permissions = new[] { 0, 1, 3, 4, 5, 7 }[random.Next(6)];
            config[entry] = (byte)(permissions | random.Next(4) << 3 | (random.Next(3) == 0 ? 0x80 : 0));
            address[entry] = (0x8000_0000UL + (ulong)random.Next(0x8000)) >> 2;
            if (random.Next(2) == 0)
            {
                address[entry] |= (1UL << random.Next(14)) - 1;
            }
        }

        for (int entry = 0; entry < HartState.PmpEntryCount; entry++)
        {
            Pmp.WriteAddress(ref s, entry, address[entry]);
        }

        Pmp.WriteConfig(ref s, 0, BitConverter.ToUInt64(config, 0));
        Pmp.WriteConfig(ref s, 8, BitConverter.ToUInt64(config, 8));
        plain = new PlainPmp(config, address, mistake);
        return s;
    }

    private static void Configure(ref HartState s, int entry, ulong address, byte config)
    {
        int first = entry & 8, shift = 8 * (entry & 7);
        Pmp.WriteAddress(ref s, entry, address);
        ulong others = Pmp.ReadConfig(ref s, first) & ~(0xFFUL << shift);
        Pmp.WriteConfig(ref s, first, others | ((ulong)config << shift));
    }

    private static ulong Napot(ulong start, ulong sizeBytes) => (start + sizeBytes / 2 - 1) >> 2;
}
