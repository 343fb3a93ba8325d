using System.Buffers.Binary;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Differential;

/// <summary>The RAM that both machines start with: harness, programs, their contexts and data.</summary>
internal sealed class ProgramImage
{
    public ProgramImage(IReadOnlyList<TestProgram> programs)
    {
        Programs = programs;
        int last = programs[^1].Index;
        Bytes = new byte[Layout.Data(last + 1) - Layout.RamBase];
        var harness = new Harness(last + 1);
        harness.Image.CopyTo(At(Layout.RamBase));
        for (ulong offset = 0; offset < Layout.SupervisorStubBytes; offset += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(At(Layout.SupervisorStub + offset), 0x0000_0073);
        }

        foreach (var program in programs)
        {
            Place(program, harness);
        }
    }

    public IReadOnlyList<TestProgram> Programs { get; }

    /// <summary>From <see cref="Layout.RamBase"/> on.</summary>
    public byte[] Bytes { get; }

    private void Place(TestProgram program, Harness harness)
    {
        program.Code.CopyTo(At(Layout.Code(program.Index)));
        program.Data.CopyTo(At(Layout.Data(program.Index)));

        ulong context = Layout.Context(program.Index);
        void Set(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(At(context + (ulong)offset), value);

        Set(Layout.Field.LogPointer, Layout.Log(program.Index));
        Set(Layout.Field.TrapLimit, Layout.MaxTraps);
        Set(Layout.Field.CodePhysical, Layout.Code(program.Index));
        Set(Layout.Field.CodeVirtual, program.CodeVirtual);
        Set(Layout.Field.EndOffset, (ulong)program.Code.Length);
        Set(Layout.Field.EcallModes, program.EcallModes ?? 0);
        Set(Layout.Field.EcallSwitches, program.EcallModes is null ? 0UL : 1UL);
        Set(Layout.Field.StubVirtual, program.StubVirtual);
        Set(Layout.Field.Handler, harness.HandlerOf(program.ContextRegister));
        Set(Layout.Field.Entry, harness.EntryOf(program.ContextRegister));
        for (int register = 0; register < 32; register++)
        {
            Set(Layout.Field.InitialX + 8 * register, program.X[register]);
            Set(Layout.Field.InitialF + 8 * register, program.F[register]);
        }

        for (int index = 0; index < HarnessCsrs.Initial.Length; index++)
        {
            int number = HarnessCsrs.Initial[index];
            Set(Layout.Field.InitialCsrs + 8 * index, InitialCsr(program, number));
        }
    }

    private static ulong InitialCsr(TestProgram program, int number) => number switch
    {
        CsrNumber.Mepc => program.CodeVirtual,
        CsrNumber.Stvec => program.StubVirtual | (program.Csrs.GetValueOrDefault(number) & 1),
        CsrNumber.Mstatus => (program.Csrs.GetValueOrDefault(number) & ~MstatusBits.Mpp)
            | ((ulong)program.Mode << MstatusBits.MppShift),
        CsrNumber.Stimecmp => program.Csrs.GetValueOrDefault(number, ulong.MaxValue),
        _ => program.Csrs.GetValueOrDefault(number),
    };

    private Span<byte> At(ulong address) => Bytes.AsSpan((int)(address - Layout.RamBase));
}
