using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>One hart that executes one instruction at a time, from registers that the test chooses.</summary>
internal sealed unsafe class SingleStep : IDisposable
{
    /// <summary>Where the instruction is put.</summary>
    public const ulong CodeAddress = BareMachine.RamBase + 0x4000;

    /// <summary>Two pages that loads and stores may use.</summary>
    public const ulong DataAddress = BareMachine.RamBase + 0x8000;

    public const ulong Handler = BareMachine.RamBase + 0x1000;

    /// <summary>Zero, one, the ends of every width, and patterns.</summary>
    public static readonly ulong[] Corners =
    [
        0, 1, 2, 31, 63, 64, 0x7f, 0x80, 0x7fff, 0x8000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000,
        0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_8000_0000, 0xffff_ffff_ffff_fffe, ulong.MaxValue,
        0x0123_4567_89ab_cdef, 0xdead_0000_00be_ef00,
    ];

    public SingleStep()
    {
        Guest = new BareMachine(new Program().Label("here").Jump("here"), new MachineSetup { MemoryBytes = 1 << 20 });
        Guest.State()->Mtvec = Handler;
        Guest.State()->Mstatus |= 1UL << 13;
    }

    public BareMachine Guest { get; }

    /// <summary>Executes an encoding. False if it trapped.</summary>
    public bool Execute(uint encoding, int lengthBytes)
    {
        Span<byte> code = stackalloc byte[4];
        BitConverter.TryWriteBytes(code, encoding);
        Guest.Machine.Harts[0].Ram.TryWrite(CodeAddress, code[..lengthBytes]);
        var state = Guest.State();
        state->Pc = CodeAddress;
        ulong retired = state->Instret;
        Guest.Run(1);
        return state->Instret == retired + 1;
    }

    public void Dispose() => Guest.Dispose();
}
