using RiscvXv6.Emulator.Cpu.Csr;
using static RiscvXv6.Tests.Differential.Layout;

namespace RiscvXv6.Tests.Differential;

/// <summary>
/// The fixed machine-mode part of an image: it enters each program, logs and resumes its traps, dumps what it left, and
/// powers off. One integer register points to the program's context and is never written by it; which one differs from
/// program to program, so that there is a set of routines for each.
/// </summary>
internal sealed class Harness
{
    private const int FsDirty = 3 << 13;
    private const int FloatControl = CsrNumber.Fcsr;

    // From reading minstret to the program's first instruction, and from its last one to reading minstret.
    private const int InstructionsToEnter = 1 + 2 + 30 + 1;
    private const int InstructionsToResume = 1 + 2 + 4 + 1;
    private const int InstructionsToSave = 4;

    private readonly ulong[] _handlers = new ulong[32];
    private readonly ulong[] _entries = new ulong[32];

    public Harness(int programCount)
    {
        var code = new Assembler(RamBase);
        Boot(code);
        for (int context = 1; context < 32; context++)
        {
            _entries[context] = code.Here;
            Enter(code, context);
            Align(code);
            _handlers[context] = code.Here;
            Handle(code, context);
            Finish(code, context, programCount);
        }

        Image = code.Finish();
    }

    /// <summary>To be placed at <see cref="RamBase"/>.</summary>
    public byte[] Image { get; }

    public ulong HandlerOf(int contextRegister) => _handlers[contextRegister];

    public ulong EntryOf(int contextRegister) => _entries[contextRegister];

    private static void Align(Assembler code)
    {
        while (code.Length % 4 != 0)
        {
            code.Emit("c.nop");
        }
    }

    /// <summary>Sets up x31 for the first program, then what every program needs: it jumps to the program's own entry.</summary>
    private static void Boot(Assembler code)
    {
        code.LoadImmediate(1, 0x0200_4000);
        code.LoadImmediate(2, ulong.MaxValue);
        code.Store(2, 1, 0);
        code.LoadImmediate(31, ContextArena);
        code.Label("start");
        code.Load(1, 31, Field.Handler);
        code.WriteCsr(CsrNumber.Mtvec, 1);
        code.LoadImmediate(1, FsDirty);
        code.WriteCsr(CsrNumber.Mstatus, 1);
        code.WriteCsr(CsrNumber.Satp, 0);
        code.WriteCsr(CsrNumber.Mie, 0);
        code.LoadImmediate(1, EnvironmentBits.Adue | EnvironmentBits.Stce);
        code.WriteCsr(CsrNumber.Menvcfg, 1);
        code.LoadImmediate(1, ulong.MaxValue);
        code.WriteCsr(CsrNumber.Stimecmp, 1);
        code.LoadImmediate(1, EnvironmentBits.Adue);
        code.WriteCsr(CsrNumber.Menvcfg, 1);
        code.WriteCsr(CsrNumber.Mip, 0);
        for (int register = 0; register < 32; register++)
        {
            code.Emit("fld", register, 31, immediate: Field.InitialF + 8 * register);
        }

        for (int index = 0; index < HarnessCsrs.Initial.Length; index++)
        {
            code.Load(1, 31, Field.InitialCsrs + 8 * index);
            code.WriteCsr(HarnessCsrs.Initial[index], 1);
        }

        code.Emit("sfence.vma");
        code.Emit("fence.i");
        code.Load(1, 31, Field.Entry);
        code.Emit("jalr", 0, 1);
    }

    private static void Enter(Assembler code, int context)
    {
        if (context != 31)
        {
            code.Emit("addi", context, 31);
        }

        code.ReadCsr(context == 1 ? 2 : 1, CsrNumber.Minstret);
        code.Emit("addi", context == 1 ? 2 : 1, context == 1 ? 2 : 1, immediate: InstructionsToEnter);
        code.Store(context == 1 ? 2 : 1, context, Field.RetiredMark);
        for (int register = 1; register < 32; register++)
        {
            if (register != context)
            {
                code.Load(register, context, Field.InitialX + 8 * register);
            }
        }

        code.Emit("mret");
    }

    /// <summary>
    /// Logs the trap and goes on behind the instruction, or at the same one after an interrupt, whose enable bit it clears.
    /// A fetch that faulted goes on in the code page, at the offset that the bad address has in its own page.
    /// </summary>
    private static void Handle(Assembler code, int context)
    {
        int[] borrowed = Borrowed(context);
        var (a, b, c, d) = (borrowed[0], borrowed[1], borrowed[2], borrowed[3]);
        string Local(string name) => $"{name}{context}";

        for (int index = 0; index < 4; index++)
        {
            code.Store(borrowed[index], context, Field.Saved + 8 * index);
        }

        code.ReadCsr(a, CsrNumber.Minstret);
        code.Emit("addi", a, a, immediate: -InstructionsToSave);
        code.Load(b, context, Field.RetiredMark);
        code.Emit("sub", a, a, b);
        code.Load(b, context, Field.Retired);
        code.Emit("add", a, a, b);
        code.Store(a, context, Field.Retired);
        code.Load(a, context, Field.LogPointer);
        code.ReadCsr(b, CsrNumber.Mcause);
        code.ReadCsr(c, CsrNumber.Mepc);
        code.Store(b, a, 0);
        code.Store(c, a, 8);
        int[] logged = [CsrNumber.Mtval, CsrNumber.Mstatus, CsrNumber.Scause, CsrNumber.Sepc, CsrNumber.Stval, CsrNumber.Mip];
        for (int index = 0; index < logged.Length; index++)
        {
            code.ReadCsr(d, logged[index]);
            code.Store(d, a, 16 + 8 * index);
        }

        code.Emit("addi", a, a, immediate: TrapRecordBytes);
        code.Store(a, context, Field.LogPointer);
        code.Load(d, context, Field.TrapCount);
        code.Emit("addi", d, d, immediate: 1);
        code.Store(d, context, Field.TrapCount);
        code.Load(a, context, Field.TrapLimit);
        code.Branch("bgeu", d, a, Local("finish"));

        // Delegated: S-mode's stub called. The trap is S-mode's, and it goes on in the mode that S-mode trapped from.
        code.Load(d, context, Field.StubVirtual);
        code.Emit("sub", d, c, d);
        code.Emit("sltiu", d, d, immediate: (long)SupervisorStubBytes);
        code.Branch("beq", d, 0, Local("direct"));
        code.ReadCsr(b, CsrNumber.Scause);
        code.ReadCsr(c, CsrNumber.Sepc);
        code.LoadImmediate(a, MstatusBits.Mpp);
        code.Emit("csrrc", 0, a, immediate: CsrNumber.Mstatus);
        code.ReadCsr(d, CsrNumber.Mstatus);
        code.Emit("srli", d, d, immediate: 8);
        code.Emit("andi", d, d, immediate: 1);
        code.Emit("slli", d, d, immediate: MstatusBits.MppShift);
        code.Emit("csrrs", 0, d, immediate: CsrNumber.Mstatus);
        code.Label(Local("direct"));
        code.Emit("slli", a, c, immediate: 52);
        code.Emit("srli", a, a, immediate: 52);
        code.Emit("andi", a, a, immediate: -2);
        code.Load(d, context, Field.EndOffset);
        code.Branch("bgeu", a, d, Local("finish"));
        code.Branch("bge", b, 0, Local("exception"));
        code.Emit("addi", a, 0, immediate: 1);
        code.Emit("sll", a, a, b);
        code.Emit("csrrc", 0, a, immediate: CsrNumber.Mie);
        code.Jump(Local("resume"));

        code.Label(Local("exception"));
        code.Emit("addi", d, 0, immediate: 1);
        code.Branch("beq", b, d, Local("fetch"));
        code.Emit("addi", d, 0, immediate: 12);
        code.Branch("bne", b, d, Local("skip"));
        code.Label(Local("fetch"));
        code.Load(c, context, Field.CodeVirtual);
        code.Emit("add", c, c, a);
        code.Jump(Local("resume"));

        code.Label(Local("skip"));
        code.Load(d, context, Field.CodePhysical);
        code.Emit("add", d, d, a);
        code.Emit("lhu", d, d);
        code.Emit("andi", d, d, immediate: 3);
        code.Emit("addi", d, d, immediate: -3);
        code.Emit("addi", c, c, immediate: 2);
        code.Branch("bne", d, 0, Local("skipped"));
        code.Emit("addi", c, c, immediate: 2);
        code.Label(Local("skipped"));
        code.Emit("addi", d, b, immediate: -8);
        code.Emit("sltiu", d, d, immediate: 4);
        code.Branch("beq", d, 0, Local("resume"));
        code.Load(d, context, Field.EcallSwitches);
        code.Branch("beq", d, 0, Local("resume"));
        code.LoadImmediate(a, MstatusBits.Mpp);
        code.Emit("csrrc", 0, a, immediate: CsrNumber.Mstatus);
        code.Load(d, context, Field.TrapCount);
        code.Emit("slli", d, d, immediate: 1);
        code.Load(a, context, Field.EcallModes);
        code.Emit("srl", a, a, d);
        code.Emit("andi", a, a, immediate: 3);
        code.Emit("slli", a, a, immediate: MstatusBits.MppShift);
        code.Emit("csrrs", 0, a, immediate: CsrNumber.Mstatus);

        code.Label(Local("resume"));
        code.WriteCsr(CsrNumber.Mepc, c);
        code.ReadCsr(a, CsrNumber.Minstret);
        code.Emit("addi", a, a, immediate: InstructionsToResume);
        code.Store(a, context, Field.RetiredMark);
        Restore(code, context, borrowed);
        code.Emit("mret");
    }

    private static void Finish(Assembler code, int context, int programCount)
    {
        int[] borrowed = Borrowed(context);
        int a = borrowed[0];
        code.Label($"finish{context}");
        Restore(code, context, borrowed);
        for (int register = 0; register < 32; register++)
        {
            code.Store(register, context, Field.FinalX + 8 * register);
        }

        for (int index = 0; index < HarnessCsrs.Final.Length; index++)
        {
            code.ReadCsr(a, HarnessCsrs.Final[index]);
            code.Store(a, context, Field.FinalCsrs + 8 * index);
        }

        code.LoadImmediate(a, FsDirty);
        code.Emit("csrrs", 0, a, immediate: CsrNumber.Mstatus);
        code.ReadCsr(a, FloatControl);
        code.Store(a, context, Field.FinalCsrs + 8 * HarnessCsrs.Final.Length);
        for (int register = 0; register < 32; register++)
        {
            code.Emit("fsd", rs1: context, rs2: register, immediate: Field.FinalF + 8 * register);
        }

        code.Emit("addi", a, 0, immediate: 1);
        code.Store(a, context, Field.Finished);
        code.LoadImmediate(a, PageBytes);
        code.Emit("add", 31, context, a);
        code.LoadImmediate(a, ContextArena + (ulong)programCount * PageBytes);
        code.Branch("bgeu", 31, a, $"end{context}");
        code.Jump("start");
        code.Label($"end{context}");
        code.LoadImmediate(1, DoneMark);
        code.LoadImmediate(2, DoneValue);
        code.Store(2, 1, 0);
        code.LoadImmediate(1, 0x10_0000);
        code.LoadImmediate(2, 0x5555);
        code.Emit("sw", rs1: 1, rs2: 2);
        code.Label($"off{context}");
        code.Jump($"off{context}");
    }

    private static void Restore(Assembler code, int context, int[] borrowed)
    {
        for (int index = 0; index < 4; index++)
        {
            code.Load(borrowed[index], context, Field.Saved + 8 * index);
        }
    }

    /// <summary>Four registers other than the context's.</summary>
    private static int[] Borrowed(int context) =>
        [.. new[] { 5, 6, 7, 28, 29 }.Where(register => register != context).Take(4)];
}
