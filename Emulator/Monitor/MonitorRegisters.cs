using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Registers by the names that people call them.</summary>
internal static class MonitorRegisters
{
    private static readonly Dictionary<string, HartRegister> s_registers = Registers();
    private static readonly Dictionary<string, int> s_csrs =
        CsrTable.Rows.ToDictionary(static row => row.Name, static row => row.Number);

    /// <summary>Reads <c>pc</c>, <c>a0</c>, <c>x10</c>, <c>fa0</c>, <c>f10</c>, <c>priv</c>, or a CSR.</summary>
    public static bool TryRead(DebugControl debug, int hart, string name, out ulong value)
    {
        if (s_registers.TryGetValue(name, out var register))
        {
            value = debug.ReadRegister(hart, register);
            return true;
        }

        value = 0;
        return s_csrs.TryGetValue(name, out int number) && debug.TryReadCsr(hart, number, out value);
    }

    /// <summary>Every name, for completion.</summary>
    public static IEnumerable<string> Names => s_registers.Keys.Concat(s_csrs.Keys);

    private static Dictionary<string, HartRegister> Registers()
    {
        var registers = new Dictionary<string, HartRegister>
        {
            ["pc"] = HartRegister.Pc,
            ["fp"] = HartRegister.FramePointer,
            ["priv"] = HartRegister.Privilege,
        };
        for (int number = 0; number < 32; number++)
        {
            registers[$"x{number}"] = registers[RegisterNames.Integer(number)] = HartRegister.X0 + number;
            registers[$"f{number}"] = registers[RegisterNames.Float(number)] = HartRegister.F0 + number;
        }

        return registers;
    }
}
