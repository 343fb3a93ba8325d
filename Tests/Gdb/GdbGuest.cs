using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Gdb;

/// <summary>A bare machine whose harts count in memory for ever, in a debugger's hands.</summary>
internal sealed class GdbGuest : IDisposable
{
    /// <summary>Where the harts count, each in eight bytes of its own.</summary>
    public const ulong Counters = BareMachine.RamBase + 0x2000;

    /// <summary>The first instruction of the loop.</summary>
    public const ulong Loop = BareMachine.RamBase + 0x40;

    /// <summary>Four bytes each: addi x5, x5, 1; sd x5, 0(x6); ld x7, 0(x6); jal x0, loop.</summary>
    public const int LoopInstructions = 4;

    private readonly BareMachine _bare;

    public GdbGuest(int harts = 1, bool isHalted = true, Action<string, TextWriter>? monitor = null, Program? program = null)
    {
        _bare = new BareMachine(program ?? Counting, new MachineSetup { HartCount = harts, MemoryBytes = 16 << 20 });
        Debugged = new DebuggedMachine(_bare.Machine, isHalted, monitor);
    }

    public DebuggedMachine Debugged { get; }

    /// <summary>x6 becomes the counter's address; then the loop.</summary>
    private static Program Counting
    {
        get
        {
            var program = new Program();
            return program.ReadCsr(8, 0xf14).Add("slli", rd: 8, rs1: 8, immediate: 3)
                .Constant(6, Counters).Add("add", rd: 6, rs1: 6, rs2: 8)
                .PadTo(Loop).Label("loop")
                .Add("addi", rd: 5, rs1: 5, immediate: 1).Add("sd", rs1: 6, rs2: 5).Add("ld", rd: 7, rs1: 6).Jump("loop");
        }
    }

    public GdbClient Connect() => Debugged.Connect();

    /// <summary>What a hart has counted, from the side.</summary>
    public ulong Counted(int hart = 0) => Debugged.Ask(machine =>
    {
        machine.Bus.Peek(Counters + 8 * (ulong)hart, 8, out ulong value);
        return value;
    });

    public void Dispose()
    {
        Debugged.Dispose();
        _bare.Dispose();
    }
}
