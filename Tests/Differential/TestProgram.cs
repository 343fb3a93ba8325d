using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Differential;

/// <summary>One generated sequence: the state it begins in, its code, and the memory that it sees.</summary>
internal sealed class TestProgram(int index)
{
    /// <summary>Its place in the image, which decides all its addresses.</summary>
    public int Index { get; } = index;

    /// <summary>Mode in which it begins.</summary>
    public PrivilegeMode Mode { get; set; } = PrivilegeMode.Machine;

    /// <summary>The integer register that points to the context; generated code reads it but never writes it.</summary>
    public int ContextRegister { get; set; } = 31;

    /// <summary>The interrupts that the code may enable: only one of them ever becomes pending.</summary>
    public ulong EnabledInterrupts { get; set; }

    /// <summary>The address at which the code page is executed.</summary>
    public ulong CodeVirtual { get; set; } = Layout.Code(index);

    /// <summary>The address at which S-mode's stub is executed.</summary>
    public ulong StubVirtual { get; set; } = Layout.SupervisorStub;

    public ulong[] X { get; } = new ulong[32];

    public ulong[] F { get; } = new ulong[32];

    /// <summary>Initial values of CSRs; what is absent is zero.</summary>
    public Dictionary<int, ulong> Csrs { get; } = new() { [CsrNumber.Menvcfg] = EnvironmentBits.Adue };

    /// <summary>At most a page.</summary>
    public byte[] Code { get; set; } = [];

    /// <summary>Offsets at which the code may be cut off without splitting what belongs together, ascending.</summary>
    public List<int> Boundaries { get; } = [];

    /// <summary>Data pages and page tables.</summary>
    public byte[] Data { get; } = new byte[Layout.DataBytes];

    /// <summary>See <see cref="Layout.Field.EcallModes"/>; null if an ecall changes nothing.</summary>
    public ulong? EcallModes { get; set; }

    /// <summary>The same program without what begins at <paramref name="length"/>, which must be a boundary.</summary>
    public TestProgram CutTo(int length)
    {
        var cut = (TestProgram)MemberwiseClone();
        cut.Code = Code[..length];
        return cut;
    }
}
