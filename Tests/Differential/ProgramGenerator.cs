using System.Buffers.Binary;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Tests.Differential;

/// <summary>Makes programs of a profile. A seed, a profile and an index give the same program, always.</summary>
internal sealed partial class ProgramGenerator(Profile profile, ulong seed)
{
    private const ulong EverythingPermitted = 0x1F;
    private const ulong WholeMemory = (1UL << 54) - 1;
    private const ulong FloatInitial = 1UL << 13;

    private static readonly PrivilegeMode[] Modes = [PrivilegeMode.User, PrivilegeMode.Supervisor, PrivilegeMode.Machine];

    public override string ToString() => $"{profile}, seed {seed},";

    /// <param name="number">Which of the profile's programs, from 0.</param>
    /// <param name="slot">Its place in an image.</param>
    public TestProgram Generate(int number, int slot)
    {
        ulong mixed = (seed ^ ((ulong)profile << 56) ^ ((ulong)number << 20)) * 0x9E37_79B9_7F4A_7C15;
        var draw = new Draw(mixed ^ (mixed >> 29));
        var program = new TestProgram(slot)
        {
            Mode = draw.Pick(Modes),
            ContextRegister = draw.Between(1, 31),
            EnabledInterrupts = draw.Pick<ulong>(
                [InterruptBits.SupervisorSoftware, InterruptBits.SupervisorTimer, InterruptBits.SupervisorExternal])
                | (InterruptBits.All & ~InterruptBits.Supervisor),
        };
        for (int register = 1; register < 32; register++)
        {
            program.X[register] = draw.Integer();
            program.F[register] = draw.Floating();
        }

        program.F[0] = draw.Floating();
        program.X[program.ContextRegister] = Layout.Context(slot);
        draw.Fill(program.Data.AsSpan(0, Layout.DataPages * (int)Layout.PageBytes));
        CommonCsrs(program, draw);
        switch (profile)
        {
            case Profile.Integer: Integer(program, draw); break;
            case Profile.Memory: Memory(program, draw); break;
            case Profile.Float: Float(program, draw); break;
            case Profile.Csr: Csr(program, draw); break;
            case Profile.Paging: Paging(program, draw); break;
            case Profile.Pmp: Pmp(program, draw); break;
            default: Privilege(program, draw); break;
        }

        return program;
    }

    private static void CommonCsrs(TestProgram program, Draw draw)
    {
        ulong floatState = draw.Chance(90) ? FloatInitial * (ulong)draw.Between(1, 3) : 0;
        ulong trapped = draw.Chance(20) ? draw.Pick<ulong>([MstatusBits.Tvm, MstatusBits.Tw, MstatusBits.Tsr]) : 0;
        program.Csrs[CsrNumber.Mstatus] = floatState | trapped;
        program.Csrs[CsrNumber.Pmpaddr0 + 15] = WholeMemory;
        program.Csrs[CsrNumber.Pmpcfg2] = EverythingPermitted << 56;
        program.Csrs[CsrNumber.Fcsr] = (ulong)(draw.Below(5) << 5 | draw.Below(32));
        program.Csrs[CsrNumber.Mcounteren] = draw.Chance(50) ? 7 : (ulong)draw.Below(8);
        program.Csrs[CsrNumber.Scounteren] = draw.Chance(50) ? 7 : (ulong)draw.Below(8);
        program.Csrs[CsrNumber.Menvcfg] = EnvironmentBits.Adue | (draw.Chance(50) ? EnvironmentBits.Stce : 0);
        program.Csrs[CsrNumber.Stvec] = (ulong)draw.Below(2);
        program.Csrs[CsrNumber.Sscratch] = draw.Doubleword();
        program.Csrs[CsrNumber.Mscratch] = draw.Doubleword();
        if (draw.Chance(60))
        {
            // Loads and stores alike, since QEMU confuses the two for AMOs.
            const ulong Loads = 1UL << (int)TrapCause.LoadMisaligned | 1UL << (int)TrapCause.LoadAccessFault
                | 1UL << (int)TrapCause.LoadPageFault;
            ulong delegated = draw.Word() & CsrTable.Delegatable & Exclusions.MayBeSet(CsrNumber.Medeleg);
            program.Csrs[CsrNumber.Medeleg] = (delegated & ~(Loads << 2)) | ((delegated & Loads) << 2);
        }
    }

    private static void Integer(TestProgram program, Draw draw)
    {
        var writer = Bare(program, draw);
        writer.Write(1000, () => OneOf(
            draw, (80, writer.Integer), (4, writer.Constant), (9, writer.Branch), (3, writer.IndirectJump),
            (2, writer.Odd), (1, writer.Call), (1, writer.LostJump), (1, writer.FenceInstructions)));
    }

    private static void Memory(TestProgram program, Draw draw)
    {
        var writer = Bare(program, draw);
        writer.ConditionalsMayFail = true;
        writer.Write(1000, () => OneOf(
            draw, (40, writer.Integer), (30, writer.Access), (6, writer.FloatAccess), (8, writer.Amo),
            (6, writer.Reservation), (4, writer.Branch), (1, writer.FenceInstructions)));
    }

    private static void Float(TestProgram program, Draw draw)
    {
        for (int at = 0; at < (int)Layout.PageBytes; at += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(program.Data.AsSpan(at), draw.Floating());
        }

        var writer = new SequenceWriter(program, draw);
        writer.Windows.Add((Layout.Data(program.Index) + 2 * Layout.PageBytes, 2 * Layout.PageBytes));
        writer.Witness = program.ContextRegister == 31 ? 30 : program.ContextRegister + 1;
        writer.Write(1000, () => OneOf(
            draw, (60, writer.Float), (50, writer.FloatOperand), (4, writer.FloatConstant), (4, writer.FloatAccess),
            (3, writer.FloatCsr), (2, writer.Integer), (1, writer.Branch)));
    }

    private static void Csr(TestProgram program, Draw draw)
    {
        program.Mode = draw.Chance(70) ? PrivilegeMode.Machine : draw.Pick(Modes);
        var writer = Bare(program, draw);
        int quiet = program.Mode == PrivilegeMode.Machine ? 30 : 85;
        writer.Write(1000, () => OneOf(
            draw, (100 - quiet, writer.Csr), (2, writer.AbsentCsr), (quiet, writer.Integer),
            (1, writer.TrapVector), (3, writer.FloatCsr), (2, writer.Float), (1, writer.TranslationFence)));
    }

    private static void Privilege(TestProgram program, Draw draw)
    {
        program.Csrs[CsrNumber.Mideleg] = draw.Word() & InterruptBits.Supervisor;
        program.Csrs[CsrNumber.Mie] = draw.Word() & program.EnabledInterrupts;
        program.Csrs[CsrNumber.Mip] = draw.Word() & InterruptBits.Supervisor;
        program.Csrs[CsrNumber.Mstatus] |= draw.Word() & (MstatusBits.Sie | MstatusBits.Mpie | MstatusBits.Spie);
        ulong modes = 0;
        for (int ecall = 0; ecall < 32; ecall++)
        {
            modes |= draw.Pick<ulong>([0, 1, 1, 3, 3]) << (2 * ecall);
        }

        program.EcallModes = draw.Chance(80) ? modes : null;
        var writer = Bare(program, draw);
        writer.ChangesMode = true;
        writer.Write(1000, () => OneOf(
            draw, (70, writer.Integer), (6, writer.Float), (6, writer.Access), (2, writer.Interrupt), (2, writer.Call),
            (1, writer.MachineReturn), (1, writer.SupervisorReturn), (1, writer.Wait), (1, writer.TranslationFence),
            (1, writer.SupervisorStatus), (1, writer.LostJump), (1, writer.Branch)));
    }

    /// <summary>Nothing is translated; the data pages are where they are.</summary>
    private static SequenceWriter Bare(TestProgram program, Draw draw)
    {
        var writer = new SequenceWriter(program, draw);
        writer.Windows.Add((Layout.Data(program.Index), Layout.DataPages * Layout.PageBytes));
        return writer;
    }

    private static void OneOf(Draw draw, params ReadOnlySpan<(int Weight, Action Piece)> choices)
    {
        int sum = 0;
        foreach (var (weight, _) in choices)
        {
            sum += weight;
        }

        int drawn = draw.Below(sum);
        foreach (var (weight, piece) in choices)
        {
            drawn -= weight;
            if (drawn < 0)
            {
                piece();
                return;
            }
        }
    }
}
