using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Devices.Interrupts;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>What a device under fuzz is built into: a clock, a scheduler, interrupt lines, guest memory, and a record of its output.</summary>
internal sealed class FuzzRig : IDisposable
{
    public static readonly AddressRange MemoryRange = new(0x8000_0000, 0x1_0000);

    private readonly List<RecordingLine> _lines = [];
    private readonly List<int> _marks = [];
    private GuestMemory? _memory;

    public FuzzRig() => Scheduler = new EventScheduler(Clock);

    public GuestClock Clock { get; } = new();

    public EventScheduler Scheduler { get; }

    /// <summary>64 KiB of RAM for devices that master the bus.</summary>
    public GuestMemory Memory => _memory ??= new GuestMemory("ram", MemoryRange, writable: true);

    /// <summary>Every line that the device was given, in the order in which it was given them.</summary>
    public IReadOnlyList<RecordingLine> Lines => _lines;

    /// <summary>What the device did to the world besides its lines: bytes sent, power-offs. Compared between twins.</summary>
    public List<string> Output { get; } = [];

    public RecordingLine CreateLine()
    {
        var line = new RecordingLine();
        _lines.Add(line);
        _marks.Add(0);
        return line;
    }

    /// <summary>Starts to count the assertions of every line anew.</summary>
    public void MarkLines()
    {
        for (int i = 0; i < _lines.Count; i++)
        {
            _marks[i] = _lines[i].AssertionCount;
        }
    }

    /// <summary>How often a line rose or was asserted anew since <see cref="MarkLines"/>.</summary>
    public int AssertionsSinceMark(int line) => _lines[line].AssertionCount - _marks[line];

    /// <summary>Goes to a cycle, firing what falls due on the way, each at its own cycle.</summary>
    public void AdvanceTo(ulong cycles)
    {
        Scheduler.RunDue();
        while (Scheduler.NextDeadlineCycles <= cycles)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, Scheduler.NextDeadlineCycles));
            Scheduler.RunDue();
        }

        Clock.AdvanceTo(cycles);
    }

    public byte[] CopyOfMemory()
    {
        var bytes = new byte[MemoryRange.SizeBytes];
        Memory.TryRead(MemoryRange.Base, bytes);
        return bytes;
    }

    public void Dispose() => _memory?.Dispose();
}
