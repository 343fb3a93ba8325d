using System.Buffers.Binary;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// The board with a program and nothing else: every hart begins at the program's origin in M-mode. At the virtual pace, on a
/// wall that stands still.
/// </summary>
internal sealed unsafe class BareMachine : IDisposable
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong Finisher = 0x10_0000;
    public const ulong Clint = 0x200_0000;
    public const ulong Plic = 0xc00_0000;
    public const ulong Uart = 0x1000_0000;

    private readonly Collector _console = new();

    public BareMachine(Program program, MachineSetup? setup = null)
        : this([program], setup)
    {
    }

    /// <param name="programs">The first is where the harts begin.</param>
    /// <param name="setup">The loads are added to it.</param>
    public BareMachine(IReadOnlyList<Program> programs, MachineSetup? setup = null)
    {
        setup ??= new MachineSetup { MemoryBytes = 16 << 20 };
        Machine = new VirtMachine(
            setup with
            {
                Loads =
                [
                    Trampoline(programs[0].Origin),
                    .. programs.Select(static program => Load(program)),
                    .. setup.Loads,
                ],
            },
            _console,
            new StoppedWall());
        foreach (var hart in Machine.Harts)
        {
            hart.State->Pc = programs[0].Origin;
        }
    }

    public VirtMachine Machine { get; }

    /// <summary>What the console printed.</summary>
    public IReadOnlyList<byte> Output => _console.Bytes;

    public HartState* State(int hart = 0) => Machine.Harts[hart].State;

    public ulong X(int register, int hart = 0) => State(hart)->X[register];

    /// <summary>Runs until the program switches the machine off, which it must within 100 million cycles.</summary>
    public MachineExit RunToEnd()
    {
        var exit = Machine.Run(Machine.Clock.NowCycles + 100_000_000);
        return exit.Kind == MachineExitKind.StopRequested
            ? throw new TimeoutException($"the guest did not end; hart 0 is at 0x{State()->Pc:x}")
            : exit;
    }

    /// <summary>Runs for a number of cycles.</summary>
    public void Run(ulong cycles) => Machine.Run(Machine.Clock.NowCycles + cycles);

    public ulong Peek(ulong address, int sizeBytes = 8)
    {
        Machine.Bus.Peek(address, sizeBytes, out ulong value);
        return value;
    }

    public void Poke(ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Machine.Harts[0].Ram.TryWrite(address, bytes);
    }

    public void Dispose() => Machine.Dispose();

    private static ImageLoad Load(Program program)
    {
        byte[] bytes = program.ToBytes();
        return new ImageLoad(program.Origin, bytes, (ulong)bytes.Length);
    }

    private static ImageLoad Trampoline(ulong target) =>
        Load(new Program(MemoryMap.BootRom.Base).Constant(5, target).Add("jalr", rs1: 5));

    private sealed class Collector : IConsoleSink
    {
        public List<byte> Bytes { get; } = [];

        public void Write(byte value) => Bytes.Add(value);

        public void Flush()
        {
        }
    }

    private sealed class StoppedWall : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
