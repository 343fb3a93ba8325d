using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Tests.Cpu.Csr;

/// <summary>A hart driven by CSR instructions alone, as a guest would drive it.</summary>
internal struct CsrHart
{
    public const ulong NowTicks = 0x1234_5678_9ABC;

    public HartState State;

    /// <summary>A hart after reset, in M-mode, with hartid 5.</summary>
    public static CsrHart AfterReset()
    {
        var hart = default(CsrHart);
        HartReset.Apply(ref hart.State, hartId: 5, resetPc: 0x1000);
        return hart;
    }

    /// <summary>As after reset, with FS and all counters open.</summary>
    public static CsrHart WithEverythingOpen()
    {
        var hart = AfterReset();
        hart.State.Mstatus |= 1UL << 13;
        hart.State.Mcounteren = uint.MaxValue;
        hart.State.Scounteren = uint.MaxValue;
        hart.State.Menvcfg |= 1UL << 63;
        return hart;
    }

    public bool MayRead(int number, bool alsoWrites = false) =>
        CsrFile.Read(ref State, number, alsoWrites, NowTicks, out _) == CsrStatus.Ok;

    /// <summary>CSRRS rd, csr, x0.</summary>
    public ulong Read(int number)
    {
        var status = CsrFile.Read(ref State, number, alsoWrites: false, NowTicks, out ulong value);
        Assert.That(status, Is.EqualTo(CsrStatus.Ok), $"read of 0x{number:x3}");
        return value;
    }

    /// <summary>CSRRW x0, csr, rs1.</summary>
    public CsrEffects Write(int number, ulong value)
    {
        var status = CsrFile.Read(ref State, number, alsoWrites: true, NowTicks, out _);
        Assert.That(status, Is.EqualTo(CsrStatus.Ok), $"write of 0x{number:x3}");
        return CsrFile.Write(ref State, number, value);
    }

    /// <summary>CSRRS rd, csr, rs1.</summary>
    public ulong SetBits(int number, ulong bits)
    {
        CsrFile.Read(ref State, number, alsoWrites: true, NowTicks, out ulong value);
        CsrFile.Write(ref State, number, CsrFile.ModifyBase(ref State, number, value) | bits);
        return value;
    }

    /// <summary>CSRRC rd, csr, rs1.</summary>
    public ulong ClearBits(int number, ulong bits)
    {
        CsrFile.Read(ref State, number, alsoWrites: true, NowTicks, out ulong value);
        CsrFile.Write(ref State, number, CsrFile.ModifyBase(ref State, number, value) & ~bits);
        return value;
    }

    /// <summary>Writes, then lets the writing instruction retire, then reads.</summary>
    public ulong WriteThenRead(int number, ulong value)
    {
        Write(number, value);
        State.Cycle++;
        return Read(number);
    }
}
