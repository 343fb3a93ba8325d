using System.Buffers.Binary;
using System.Globalization;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Differential;

/// <summary>What a difference is about.</summary>
internal enum DifferenceKind
{
    Trap,
    Register,
    Csr,
    Memory,
}

/// <summary>One value that the two machines left differently.</summary>
/// <param name="Slot">The program, by its place in the image.</param>
internal sealed record Difference(int Slot, DifferenceKind Kind, string What, ulong Ours, ulong Qemu)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{What}: here 0x{Ours:x}, QEMU 0x{Qemu:x}");
}

/// <summary>Compares what is in RAM after both runs, program by program.</summary>
internal static class Comparison
{
    private static readonly string[] TrapFields = ["mcause", "mepc", "mtval", "mstatus", "scause", "sepc", "stval", "mip"];

    /// <summary>The differences of all programs; an unfinished run counts as one.</summary>
    public static List<Difference> Compare(IReadOnlyList<TestProgram> programs, byte[] ours, byte[] qemu)
    {
        var differences = new List<Difference>();
        foreach (var program in programs)
        {
            Traps(program.Index, ours, qemu, differences);
            Registers(program.Index, ours, qemu, differences);
            Words(program.Index, "data", Layout.Data(program.Index), Layout.DataBytes, ours, qemu, differences);
            Words(program.Index, "code", Layout.Code(program.Index), Layout.PageBytes, ours, qemu, differences);
        }

        Words(-1, "harness", Layout.RamBase, Layout.CodeArena - Layout.RamBase, ours, qemu, differences);
        if (Read(qemu, Layout.DoneMark) != Layout.DoneValue)
        {
            differences.Add(new Difference(
                -1, DifferenceKind.Memory, "QEMU never finished", Read(ours, Layout.DoneMark), Read(qemu, Layout.DoneMark)));
        }

        return differences;
    }

    public static int TrapCount(int slot, byte[] ram) => (int)Read(ram, Layout.Context(slot) + Layout.Field.TrapCount);

    /// <summary>How many generated instructions a program retired.</summary>
    public static long Retired(int slot, byte[] ram) => (long)Read(ram, Layout.Context(slot) + Layout.Field.Retired);

    /// <summary>A field of a logged trap, by its position in the record.</summary>
    public static ulong TrapField(int slot, int trap, int field, byte[] ram) =>
        Read(ram, Layout.Log(slot) + (ulong)(trap * Layout.TrapRecordBytes + 8 * field));

    private static void Traps(int slot, byte[] ours, byte[] qemu, List<Difference> differences)
    {
        int both = Math.Min(Layout.MaxTraps, Math.Max(TrapCount(slot, ours), TrapCount(slot, qemu)));
        for (int trap = 0; trap < both; trap++)
        {
            int before = differences.Count;
            for (int field = 0; field < TrapFields.Length; field++)
            {
                ulong here = TrapField(slot, trap, field, ours);
                ulong there = TrapField(slot, trap, field, qemu);
                if (field is 0 or 4 && IsAmo(slot, TrapField(slot, trap, field + 1, qemu), qemu))
                {
                    there = Exclusions.CauseOfAmo(there);
                }

                if (here != there)
                {
                    differences.Add(new Difference(slot, DifferenceKind.Trap, $"trap {trap} {TrapFields[field]}", here, there));
                }
            }

            if (differences.Count != before)
            {
                // What follows the first trap that differs, differs for that reason.
                return;
            }
        }
    }

    private static void Registers(int slot, byte[] ours, byte[] qemu, List<Difference> differences)
    {
        ulong context = Layout.Context(slot);
        void Check(DifferenceKind kind, string name, int offset, ulong mask = ulong.MaxValue)
        {
            ulong here = Read(ours, context + (ulong)offset) & mask;
            ulong there = Read(qemu, context + (ulong)offset) & mask;
            if (here != there)
            {
                differences.Add(new Difference(slot, kind, name, here, there));
            }
        }

        Check(DifferenceKind.Trap, "number of traps", Layout.Field.TrapCount);
        Check(DifferenceKind.Trap, "finished", Layout.Field.Finished);
        for (int register = 0; register < 32; register++)
        {
            Check(DifferenceKind.Register, RegisterNames.Integer(register), Layout.Field.FinalX + 8 * register);
            Check(DifferenceKind.Register, RegisterNames.Float(register), Layout.Field.FinalF + 8 * register);
        }

        for (int index = 0; index < HarnessCsrs.Final.Length; index++)
        {
            int number = HarnessCsrs.Final[index];
            if (number is CsrNumber.Mcause or CsrNumber.Scause && EndsInAmo(slot, number, qemu))
            {
                continue;
            }

            Check(DifferenceKind.Csr, NameOf(number), Layout.Field.FinalCsrs + 8 * index, Exclusions.Compared(number));
        }

        Check(DifferenceKind.Csr, "fcsr", Layout.Field.FinalCsrs + 8 * HarnessCsrs.Final.Length);
    }

    /// <summary>True for an xcause CSR whose xepc points to an AMO: the trap's record has been compared.</summary>
    private static bool EndsInAmo(int slot, int cause, byte[] ram)
    {
        int epc = Array.IndexOf(HarnessCsrs.Final, cause == CsrNumber.Mcause ? CsrNumber.Mepc : CsrNumber.Sepc);
        return IsAmo(slot, Read(ram, Layout.Context(slot) + (ulong)(Layout.Field.FinalCsrs + 8 * epc)), ram);
    }

    private static bool IsAmo(int slot, ulong epc, byte[] ram)
    {
        ulong at = Layout.Code(slot) + (epc & (Layout.PageBytes - 2));
        uint encoding = BinaryPrimitives.ReadUInt32LittleEndian(ram.AsSpan((int)(at - Layout.RamBase)));
        return Decoder.FindRow(encoding) is { } row && InstructionClasses.Amo.Contains(row);
    }

    private static string NameOf(int csr) => CsrFile.Find(csr)?.Name ?? $"csr 0x{csr:x}";

    private static void Words(
        int slot, string name, ulong address, ulong length, byte[] ours, byte[] qemu, List<Difference> differences)
    {
        int first = (int)(address - Layout.RamBase);
        if (ours.AsSpan(first, (int)length).SequenceEqual(qemu.AsSpan(first, (int)length)))
        {
            return;
        }

        for (ulong offset = 0; offset < length; offset += 8)
        {
            ulong here = Read(ours, address + offset);
            ulong there = Read(qemu, address + offset);
            if (here != there)
            {
                differences.Add(new Difference(slot, DifferenceKind.Memory, $"{name} at 0x{address + offset:x}", here, there));
                return;
            }
        }
    }

    private static ulong Read(byte[] ram, ulong address) =>
        BinaryPrimitives.ReadUInt64LittleEndian(ram.AsSpan((int)(address - Layout.RamBase)));
}
