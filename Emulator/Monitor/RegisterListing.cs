using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>A hart's registers in QEMU's columns, with the fields of those that have some.</summary>
internal static class RegisterListing
{
    private const int PerLine = 4;

    /// <summary>QEMU's, in its order, then those that xv6 uses besides.</summary>
    private static readonly int[] s_usual =
    [
        CsrNumber.Mhartid, CsrNumber.Mstatus, CsrNumber.Mip, CsrNumber.Mie, CsrNumber.Mideleg, CsrNumber.Medeleg,
        CsrNumber.Mtvec, CsrNumber.Stvec, CsrNumber.Mepc, CsrNumber.Sepc, CsrNumber.Mcause, CsrNumber.Scause,
        CsrNumber.Mtval, CsrNumber.Stval, CsrNumber.Mscratch, CsrNumber.Sscratch, CsrNumber.Satp,
        CsrNumber.Sstatus, CsrNumber.Sip, CsrNumber.Sie,
        CsrNumber.Mcounteren, CsrNumber.Scounteren, CsrNumber.Menvcfg, CsrNumber.Senvcfg, CsrNumber.Stimecmp, CsrNumber.Fcsr,
        CsrNumber.Time, CsrNumber.Cycle, CsrNumber.Instret,
    ];

    public static void Write(MonitorRequest request, Hart hart, bool everyCsr)
    {
        var output = request.Output;
        var debug = request.Machine.Debug;
        output.WriteLine($"CPU#{hart.HartId}");
        ulong pc = debug.ReadRegister(hart.HartId, HartRegister.Pc);
        WriteRow(output, "pc", pc, MonitorSymbols.DescribePc(request, hart));
        WriteRow(output, "priv", debug.ReadRegister(hart.HartId, HartRegister.Privilege),
            $"{MonitorHart.Mode(hart)}{(MonitorHart.Waits(hart) ? ", waits for an interrupt (wfi)" : "")}");
        foreach (int number in s_usual)
        {
            WriteCsr(request, hart, number);
        }

        foreach (var row in CsrTable.Rows)
        {
            bool isProtection = row.Name.StartsWith("pmp", StringComparison.Ordinal);
            if (Array.IndexOf(s_usual, row.Number) < 0
                && debug.TryReadCsr(hart.HartId, row.Number, out ulong value)
                && (value != 0 ? everyCsr || isProtection : everyCsr && !isProtection && !IsCounter(row.Name)))
            {
                WriteCsr(request, hart, row.Number);
            }
        }

        WriteFile(output, hart.HartId, debug, 'x', HartRegister.X0, RegisterNames.Integer);
        WriteFile(output, hart.HartId, debug, 'f', HartRegister.F0, RegisterNames.Float);
    }

    /// <summary>One of the counters that count nothing here, or its selector: 87 rows of zeros.</summary>
    private static bool IsCounter(string name) => name.Contains("hpm", StringComparison.Ordinal);

    private static void WriteCsr(MonitorRequest request, Hart hart, int number)
    {
        if (request.Machine.Debug.TryReadCsr(hart.HartId, number, out ulong value))
        {
            WriteRow(request.Output, CsrFile.Find(number)!.Name, value, CsrText.Describe(request, number, value));
        }
    }

    private static void WriteRow(TextWriter output, string name, ulong value, string words) =>
        output.WriteLine($" {name,-10} {value:x16}{(words.Length == 0 ? "" : "  ")}{words}");

    private static void WriteFile(
        TextWriter output, int hart, DebugControl debug, char letter, HartRegister first, Func<int, string> name)
    {
        for (int number = 0; number < 32; number++)
        {
            ulong value = debug.ReadRegister(hart, first + number);
            output.Write($" {$"{letter}{number}/{name(number)}",-8} {value:x16}");
            if (number % PerLine == PerLine - 1)
            {
                output.WriteLine();
            }
        }
    }
}
