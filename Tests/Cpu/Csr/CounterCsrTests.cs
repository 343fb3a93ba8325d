using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Tests.Cpu.Csr;

/// <summary>Priv "Hardware Performance Monitor" and "Machine Counter-Enable Register"; Unpriv "Zicntr".</summary>
internal sealed class CounterCsrTests
{
    private const ulong NowTicks = 0x1234_5678_9ABC;

    [Test]
    public void The_instruction_after_a_write_to_minstret_reads_what_was_written()
    {
        var s = RunningHart();

        CsrFile.Write(ref s, CsrNumber.Minstret, 100);
        Retire(ref s, stallCycles: 7);

        Assert.That(Value(ref s, CsrNumber.Minstret), Is.EqualTo(100));
        Assert.That(Value(ref s, CsrNumber.Instret), Is.EqualTo(100));
        Retire(ref s, stallCycles: 0);
        Assert.That(Value(ref s, CsrNumber.Instret), Is.EqualTo(101));
    }

    [Test]
    public void The_instruction_after_a_write_to_mcycle_reads_what_was_written()
    {
        var s = RunningHart();

        CsrFile.Write(ref s, CsrNumber.Mcycle, 0);
        Retire(ref s, stallCycles: 0);

        Assert.That(Value(ref s, CsrNumber.Mcycle), Is.Zero);
        Retire(ref s, stallCycles: 20);
        Assert.That(Value(ref s, CsrNumber.Cycle), Is.EqualTo(21));
    }

    [Test]
    public void A_second_write_to_a_counter_does_not_remember_the_first()
    {
        var s = RunningHart();

        CsrFile.Write(ref s, CsrNumber.Minstret, ulong.MaxValue);
        CsrFile.Write(ref s, CsrNumber.Mcycle, ulong.MaxValue);
        Retire(ref s, stallCycles: 0);
        CsrFile.Write(ref s, CsrNumber.Minstret, 5);
        CsrFile.Write(ref s, CsrNumber.Mcycle, 6);
        Retire(ref s, stallCycles: 0);

        Assert.That(Value(ref s, CsrNumber.Minstret), Is.EqualTo(5));
        Assert.That(Value(ref s, CsrNumber.Mcycle), Is.EqualTo(6));
    }

    [Test]
    public void Time_is_the_tick_count_that_the_caller_supplies()
    {
        var s = RunningHart();

        Assert.That(Value(ref s, CsrNumber.Time), Is.EqualTo(NowTicks));
    }

    [TestCase(CsrNumber.Cycle, 0)]
    [TestCase(CsrNumber.Time, 1)]
    [TestCase(CsrNumber.Instret, 2)]
    [TestCase(CsrNumber.HpmcounterBase + 3, 3)]
    [TestCase(CsrNumber.HpmcounterBase + 31, 31)]
    public void A_counter_is_open_below_machine_mode_only_by_its_own_enable_bits(int number, int bit)
    {
        ulong only = 1UL << bit, others = uint.MaxValue & ~only;

        Assert.That(IsLegal(number, PrivilegeMode.Machine, mcounteren: 0, scounteren: 0), Is.True);
        Assert.That(IsLegal(number, PrivilegeMode.Supervisor, only, 0), Is.True);
        Assert.That(IsLegal(number, PrivilegeMode.Supervisor, others, uint.MaxValue), Is.False);
        Assert.That(IsLegal(number, PrivilegeMode.User, only, only), Is.True);
        Assert.That(IsLegal(number, PrivilegeMode.User, only, others), Is.False);
        Assert.That(IsLegal(number, PrivilegeMode.User, others, only), Is.False);
    }

    [Test]
    public void Hardware_performance_counters_and_events_read_zero_and_ignore_writes([Range(3, 31)] int counter)
    {
        var s = RunningHart();
        foreach (int number in new[] { CsrNumber.MhpmcounterBase + counter, CsrNumber.MhpmeventBase + counter })
        {
            Assert.That(CsrFile.Write(ref s, number, ulong.MaxValue), Is.EqualTo(CsrEffects.None));
            Assert.That(Value(ref s, number), Is.Zero);
        }

        Assert.That(Value(ref s, CsrNumber.HpmcounterBase + counter), Is.Zero);
    }

    [TestCase(PrivilegeMode.Machine, false, false, true)]
    [TestCase(PrivilegeMode.Supervisor, true, true, true)]
    [TestCase(PrivilegeMode.Supervisor, true, false, false)]
    [TestCase(PrivilegeMode.Supervisor, false, true, false)]
    [TestCase(PrivilegeMode.User, true, true, false)]
    public void Stimecmp_needs_STCE_and_TM_in_supervisor_mode(PrivilegeMode mode, bool stce, bool tm, bool legal)
    {
        var s = RunningHart();
        s.Privilege = mode;
        s.Menvcfg = stce ? EnvironmentBits.Stce : 0;
        s.Mcounteren = tm ? 2UL : 0;

        var status = CsrFile.Read(ref s, CsrNumber.Stimecmp, alsoWrites: true, NowTicks, out _);

        Assert.That(status == CsrStatus.Ok, Is.EqualTo(legal));
    }

    private static bool IsLegal(int number, PrivilegeMode mode, ulong mcounteren, ulong scounteren)
    {
        var s = RunningHart();
        s.Privilege = mode;
        s.Mcounteren = mcounteren;
        s.Scounteren = scounteren;
        return CsrFile.Read(ref s, number, alsoWrites: false, NowTicks, out _) == CsrStatus.Ok;
    }

    /// <summary>A hart in its second quantum, with a stall behind it, so that no offset is zero by chance.</summary>
    private static HartState RunningHart()
    {
        var s = default(HartState);
        HartReset.Apply(ref s, hartId: 0, resetPc: 0x1000);
        s.RunCycles = 1_000;
        s.QuantumStartCycle = 50_000;
        s.Cycle = 50_400;
        s.StallCycles = 33;
        return s;
    }

    /// <summary>What the engine does at the end of an instruction.</summary>
    private static void Retire(ref HartState s, ulong stallCycles)
    {
        s.Cycle += 1 + stallCycles;
        s.StallCycles += stallCycles;
    }

    private static ulong Value(ref HartState s, int number)
    {
        var status = CsrFile.Read(ref s, number, alsoWrites: false, NowTicks, out ulong value);
        Assert.That(status, Is.EqualTo(CsrStatus.Ok));
        return value;
    }
}
