using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// A register by gdb's number: x0 to x31, pc, f0 to f31, then all 4096 CSRs, then the privilege mode.
/// GDB's own numbering for RISC-V, which its target descriptions use ("RISC-V Features").
/// </summary>
internal readonly record struct GdbRegister(ulong Number)
{
    /// <summary>Registers of a <c>g</c> packet: x0 to x31, and pc.</summary>
    public const int GeneralCount = (int)HartRegister.Pc + 1;

    public const int FirstCsr = (int)HartRegister.F31 + 1;

    public const int Privilege = FirstCsr + CsrCount;

    private const int CsrCount = 4096;
    private const int FirstWordCsr = FirstCsr + Cpu.Csr.CsrNumber.Fflags;
    private const int LastWordCsr = FirstCsr + Cpu.Csr.CsrNumber.Fcsr;

    /// <summary>fflags, frm and fcsr have 32 bits in gdb's descriptions; everything else has 64.</summary>
    public int SizeBytes => Number is >= FirstWordCsr and <= LastWordCsr ? 4 : 8;

    private int Csr => (int)Number - FirstCsr;

    /// <summary>Reads it; false if the hart has none.</summary>
    public bool TryRead(DebugControl debug, int hart, out ulong value)
    {
        switch (Number)
        {
            case < FirstCsr:
                value = debug.ReadRegister(hart, (HartRegister)Number);
                return true;
            case < Privilege:
                return debug.TryReadCsr(hart, Csr, out value);
            case Privilege:
                value = debug.ReadRegister(hart, HartRegister.Privilege);
                return true;
            default:
                value = 0;
                return false;
        }
    }

    /// <summary>Writes it; false if the hart has none, or it can't be written.</summary>
    public bool TryWrite(DebugControl debug, int hart, ulong value)
    {
        switch (Number)
        {
            case < FirstCsr:
                debug.WriteRegister(hart, (HartRegister)Number, value);
                return true;
            case < Privilege:
                return debug.TryWriteCsr(hart, Csr, value);
            case Privilege when value is 0 or 1 or 3:
                debug.WriteRegister(hart, HartRegister.Privilege, value);
                return true;
            default:
                return false;
        }
    }
}
