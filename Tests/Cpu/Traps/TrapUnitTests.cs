using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Tests.Cpu.Traps;

/// <summary>Every combination of what decides a trap, compared with <see cref="PlainTraps"/>.</summary>
internal sealed class TrapUnitTests
{
    private static readonly int[] s_exceptions = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15];
    private static readonly int[] s_interrupts = [1, 3, 5, 7, 9, 11];

    private static readonly PrivilegeMode[] s_modes =
        [PrivilegeMode.User, PrivilegeMode.Supervisor, PrivilegeMode.Machine];

    /// <summary>SIE, MIE, SPIE, MPIE, SPP, MPP (both bits), MPRV, TSR.</summary>
    private static readonly ulong[] s_statusFields =
        [1 << 1, 1 << 3, 1 << 5, 1 << 7, 1 << 8, 1 << 11, 3 << 11, 1 << 17, 1 << 22];

    [Test]
    public void Trap_entry_does_what_the_manual_says_in_every_combination()
    {
        Assert.That(CompareEntries(TrapMistake.None), Is.Empty);
    }

    [TestCase(TrapMistake.DelegatesFromMachineMode)]
    [TestCase(TrapMistake.KeepsInterruptsEnabled)]
    [TestCase(TrapMistake.ForgetsPreviousPrivilege)]
    [TestCase(TrapMistake.VectorsExceptions)]
    public void The_comparison_of_entries_notices_a_mistake(TrapMistake mistake)
    {
        Assert.That(CompareEntries(mistake), Is.Not.Empty);
    }

    [Test]
    public void Trap_return_does_what_the_manual_says_in_every_combination()
    {
        Assert.That(CompareReturns(TrapMistake.None), Is.Empty);
    }

    [Test]
    public void The_comparison_of_returns_notices_a_mistake()
    {
        Assert.That(CompareReturns(TrapMistake.ReturnKeepsMprv), Is.Not.Empty);
    }

    [Test]
    public void The_interrupt_taken_is_the_one_that_the_manual_names_in_every_combination()
    {
        Assert.That(CompareChoices(TrapMistake.None), Is.Empty);
    }

    [TestCase(TrapMistake.TakesTimerBeforeSoftware)]
    [TestCase(TrapMistake.LetsSupervisorGoFirst)]
    [TestCase(TrapMistake.IgnoresGlobalEnableOfOwnLevel)]
    public void The_comparison_of_choices_notices_a_mistake(TrapMistake mistake)
    {
        Assert.That(CompareChoices(mistake), Is.Not.Empty);
    }

    [Test]
    public void A_delegated_page_fault_from_user_mode_lands_in_the_supervisor_s_handler()
    {
        var s = Hart(PrivilegeMode.User, status: 1 << 1);
        s.Medeleg = 1 << 13;
        s.Stvec = 0x8000_4000;

        TrapUnit.Take(ref s, TrapCause.LoadPageFault, epc: 0x1234, tval: 0xDEAD_BEEF);

        Assert.Multiple(() =>
        {
            Assert.That(s.Privilege, Is.EqualTo(PrivilegeMode.Supervisor));
            Assert.That(s.Pc, Is.EqualTo(0x8000_4000));
            Assert.That((s.Scause, s.Sepc, s.Stval), Is.EqualTo((13UL, 0x1234UL, 0xDEAD_BEEFUL)));
            Assert.That(s.Mstatus, Is.EqualTo(1UL << 5), "SIE moved to SPIE, SPP is U");
            Assert.That((s.Mcause, s.Mepc, s.Mtval), Is.EqualTo((0UL, 0UL, 0UL)), "M-mode's registers are untouched");
        });
    }

    [Test]
    public void A_trap_leaves_the_reservation_and_the_registers_alone()
    {
        var s = Hart(PrivilegeMode.Supervisor, status: 0);
        s.ReservationValid = true;
        s.ReservationAddress = 0x8000_0040;
        s.Fcsr = 0x5A;

        TrapUnit.Take(ref s, TrapCause.IllegalInstruction, epc: 4, tval: 0);

        Assert.That((s.ReservationValid, s.ReservationAddress, s.Fcsr), Is.EqualTo((true, 0x8000_0040UL, 0x5AUL)));
    }

    [TestCase(PrivilegeMode.Machine, 0UL, true)]
    [TestCase(PrivilegeMode.Machine, 1UL << 20 | 1UL << 21, true)]
    [TestCase(PrivilegeMode.Supervisor, 0UL, true)]
    [TestCase(PrivilegeMode.Supervisor, 1UL << 20, false, Description = "TVM")]
    [TestCase(PrivilegeMode.Supervisor, 1UL << 21 | 1UL << 22, true)]
    [TestCase(PrivilegeMode.User, 0UL, false)]
    public void TVM_decides_on_fences_of_translation_in_supervisor_mode(PrivilegeMode mode, ulong status, bool legal)
    {
        Assert.That(TrapUnit.MayFenceTranslation(Hart(mode, status)), Is.EqualTo(legal));
        Assert.That(TrapUnit.MayOrderInvalidation(Hart(mode, status)), Is.EqualTo(mode != PrivilegeMode.User));
    }

    [TestCase(PrivilegeMode.Machine, 1UL << 21, true)]
    [TestCase(PrivilegeMode.Supervisor, 0UL, true)]
    [TestCase(PrivilegeMode.Supervisor, 1UL << 21, false, Description = "TW")]
    [TestCase(PrivilegeMode.Supervisor, 1UL << 20 | 1UL << 22, true)]
    [TestCase(PrivilegeMode.User, 0UL, false)]
    [TestCase(PrivilegeMode.User, 1UL << 21, false)]
    public void TW_decides_on_waiting_in_supervisor_mode(PrivilegeMode mode, ulong status, bool legal)
    {
        Assert.That(TrapUnit.MayWait(Hart(mode, status)), Is.EqualTo(legal));
    }

    private static List<string> CompareEntries(TrapMistake mistake)
    {
        var differences = new List<string>();
        var causes = s_exceptions.Select(code => (false, code)).Concat(s_interrupts.Select(code => (true, code)));
        foreach (var (interrupt, code) in causes)
        {
            foreach (bool delegated in new[] { false, true })
            {
                // The other causes have the opposite delegation, so that looking at the wrong bit shows.
                ulong own = 1UL << code, delegation = delegated ? own : ~own;
                foreach (var s in HartsInEveryStatus())
                {
                    var hart = s;
                    hart.Medeleg = interrupt ? ~delegation : delegation;
                    hart.Mideleg = interrupt ? delegation : ~delegation;
                    hart.Mtvec = 0x8000_0101;
                    hart.Stvec = 0x8000_0201;
                    var plain = PlainTraps.Of(hart, mistake);

                    plain.Take(interrupt, code, epc: 0x4000_0002, tval: 0x77);
                    TrapUnit.Take(ref hart, (interrupt ? TrapCause.InterruptFlag : 0) | (uint)code, 0x4000_0002, 0x77);

                    Note(differences, plain, PlainTraps.Of(hart, mistake), $"cause {code} interrupt {interrupt}");
                }
            }
        }

        return differences;
    }

    private static List<string> CompareReturns(TrapMistake mistake)
    {
        var differences = new List<string>();
        foreach (var s in HartsInEveryStatus().Select(WithReturnAddresses))
        {
            HartState byMret = s, bySret = s;
            PlainTraps plainMret = PlainTraps.Of(s, mistake), plainSret = PlainTraps.Of(s, mistake);

            bool sameLegality = plainMret.Mret() == TrapUnit.Mret(ref byMret)
                & plainSret.Sret() == TrapUnit.Sret(ref bySret);

            Note(differences, plainMret, PlainTraps.Of(byMret, mistake), "mret");
            Note(differences, plainSret, PlainTraps.Of(bySret, mistake), "sret");
            if (!sameLegality)
            {
                differences.Add($"legality from {s.Privilege}, mstatus 0x{s.Mstatus:x}");
            }
        }

        return differences;
    }

    private static List<string> CompareChoices(TrapMistake mistake)
    {
        var differences = new List<string>();
        foreach (var mode in s_modes)
        {
            foreach (ulong status in Subsets([1 << 1, 1 << 3]))
            {
                foreach (ulong mideleg in Subsets([1 << 1, 1 << 5, 1 << 9]))
                {
                    foreach (ulong active in Subsets([.. s_interrupts.Select(code => 1UL << code)]))
                    {
                        // What is pending but not enabled, and enabled but not pending, must not count.
                        foreach (var (mip, mie) in new[] { (active, 0xAAAUL), (0xAAAUL, active) })
                        {
                            var s = Hart(mode, status);
                            s.Mideleg = mideleg;
                            s.SoftInterrupts = mip & 0x222;
                            s.LineInterrupts = mip & 0x888;
                            s.Mie = mie;
                            int expected = PlainTraps.Of(s, mistake).Choose(mip, mie);
                            if (TrapUnit.PendingInterrupt(s) != expected)
                            {
                                differences.Add($"{mode} {status:x}, mideleg {mideleg:x} mip {mip:x} mie {mie:x}");
                            }
                        }
                    }
                }
            }
        }

        return differences;
    }

    private static void Note(List<string> differences, PlainTraps expected, PlainTraps actual, string what)
    {
        // The first few tell the story; a negative control would otherwise print tens of thousands.
        if (expected != actual && differences.Count < 10)
        {
            differences.Add($"{what}: expected {expected}, got {actual}");
        }
    }

    private static IEnumerable<HartState> HartsInEveryStatus()
    {
        foreach (var mode in s_modes)
        {
            foreach (ulong status in Subsets(s_statusFields))
            {
                yield return Hart(mode, status);
            }
        }
    }

    private static HartState Hart(PrivilegeMode mode, ulong status) => new()
    {
        Privilege = mode,
        Mstatus = status,
        Pc = 0x8000_1000,
    };

    private static HartState WithReturnAddresses(HartState s)
    {
        s.Mepc = 0x8000_2000;
        s.Sepc = 0x8000_3000;
        return s;
    }

    private static IEnumerable<ulong> Subsets(ulong[] fields)
    {
        for (int choice = 0; choice < 1 << fields.Length; choice++)
        {
            ulong value = 0;
            for (int i = 0; i < fields.Length; i++)
            {
                value |= (choice >> i & 1) != 0 ? fields[i] : 0;
            }

            yield return value;
        }
    }
}
