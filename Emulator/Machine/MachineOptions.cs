using System.Collections.Immutable;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// Everything that a person chose about a machine. Together with the files it names and the recorded host events, it is all
/// of a run's input: nothing in it is read from the host later.
/// </summary>
internal sealed record MachineOptions
{
    public const int MaxHarts = 8;

    public const ulong MinMemoryBytes = 1UL << 20;

    public const ulong MaxMemoryBytes = 64UL << 30;

    public const int MaxCpuMhz = 100_000;

    /// <summary>Virtio-mmio slots on the board.</summary>
    public const int VirtioSlotCount = 8;

    /// <summary>1 to <see cref="MaxHarts"/>.</summary>
    public int Harts { get; init; } = 1;

    /// <summary>A multiple of 4 KiB between <see cref="MinMemoryBytes"/> and <see cref="MaxMemoryBytes"/>.</summary>
    public ulong MemoryBytes { get; init; } = 128UL << 20;

    public Pace Pace { get; init; } = Pace.Realtime;

    /// <summary>Cycles of the one clock in a virtual microsecond; 1 to <see cref="MaxCpuMhz"/>.</summary>
    public int CpuMhz { get; init; } = 1000;

    public BiosSelection Bios { get; init; } = BiosSelection.Default;

    /// <summary>
    /// <see cref="Bios"/> was asked for. Otherwise a kernel that lies where firmware would is started without, as by QEMU before 5.1:
    /// some xv6 trees of 2019 count on that.
    /// </summary>
    public bool BiosIsChosen { get; init; }

    /// <summary>Where <see cref="BiosSelection.Default"/> is looked for before the usual places (<c>-L</c>).</summary>
    public ImmutableArray<string> FirmwareDirectories { get; init; } = [];

    /// <summary>An ELF file or a Linux Image.</summary>
    public string? KernelPath { get; init; }

    public string? InitrdPath { get; init; }

    /// <summary>The kernel's command line, for /chosen/bootargs.</summary>
    public string? Append { get; init; }

    /// <summary>A device tree blob to use instead of the generated one.</summary>
    public string? DtbPath { get; init; }

    public ImmutableArray<DriveOptions> Drives { get; init; } = [];

    /// <summary>Which drive sits in which slot: at most one for each slot and for each drive.</summary>
    public ImmutableArray<VirtioDisk> VirtioDisks { get; init; } = [];

    /// <summary>Slots speak virtio's legacy interface (version 1), as QEMU's do unless told otherwise.</summary>
    public bool LegacyVirtio { get; init; } = true;

    public SerialOptions Serial { get; init; } = SerialOptions.Stdio;

    public MonitorPlace Monitor { get; init; } = MonitorPlace.WithConsole;

    /// <summary>Seeds the device tree's rng-seed.</summary>
    public ulong RngSeed { get; init; }

    /// <summary>What the real-time clock shows at reset: nanoseconds since 1970-01-01 UTC.</summary>
    public ulong RtcBaseNanoseconds { get; init; }

    /// <summary>
    /// A hart that never programmed PMP faults in S-mode, as the specification says. Otherwise, with <c>-bios none</c>, it
    /// continues with a notice, since xv6 before August 2021 needs that.
    /// </summary>
    public bool StrictPmp { get; init; }

    /// <summary>Varies the order in which harts take turns; null for the fixed order.</summary>
    public ulong? QuantumSeed { get; init; }

    /// <summary>A reset by the guest ends the run.</summary>
    public bool NoReboot { get; init; }

    public NetworkOptions Network { get; init; } = NetworkOptions.None;

    public DebuggerOptions Debugger { get; init; } = DebuggerOptions.None;

    public LogOptions Log { get; init; } = LogOptions.Silent;

    /// <summary>Where the run's input is kept, so that it can be replayed; null for nowhere.</summary>
    public string? RecordPath { get; init; }
}

/// <summary>What runs first.</summary>
internal enum BiosKind
{
    /// <summary>Nothing: every hart starts at the beginning of RAM, in M-mode.</summary>
    None,

    /// <summary>The host's OpenSBI.</summary>
    Default,

    /// <summary>A file that the user named.</summary>
    File,
}

/// <summary>What runs first, and for <see cref="BiosKind.File"/> where it is.</summary>
internal sealed record BiosSelection(BiosKind Kind, string? Path = null)
{
    public static readonly BiosSelection None = new(BiosKind.None);

    public static readonly BiosSelection Default = new(BiosKind.Default);

    public static BiosSelection FromFile(string path) => new(BiosKind.File, path);
}

/// <summary>A disk image.</summary>
/// <param name="Id">What devices call it.</param>
/// <param name="Path">The raw image.</param>
/// <param name="ReadOnly">The guest can't write it.</param>
/// <param name="Snapshot">What the guest writes is forgotten at the end.</param>
internal sealed record DriveOptions(string Id, string Path, bool ReadOnly = false, bool Snapshot = false);

/// <summary>A virtio-blk device: <see cref="DriveId"/> in <see cref="Slot"/> (0 to 7).</summary>
internal sealed record VirtioDisk(int Slot, string DriveId);

/// <summary>Where the UART's other end is.</summary>
internal enum SerialKind
{
    /// <summary>Standard input and output.</summary>
    Stdio,

    /// <summary>Output is dropped, and no input comes.</summary>
    Null,

    /// <summary>Output goes to a file, and no input comes.</summary>
    File,
}

/// <summary>Where the UART's other end is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">For <see cref="SerialKind.File"/>.</param>
/// <param name="HasEscapeKeys">Ctrl-A is the emulator's: quit, help. Without, every key but the signals is the guest's.</param>
internal sealed record SerialOptions(SerialKind Kind, string? Path = null, bool HasEscapeKeys = false)
{
    public static readonly SerialOptions Stdio = new(SerialKind.Stdio, HasEscapeKeys: true);

    public static readonly SerialOptions Null = new(SerialKind.Null);
}

/// <summary>Where the monitor is.</summary>
internal enum MonitorPlace
{
    /// <summary>At standard input and output together with the console, if that is there and has escape keys: Ctrl-A c switches.</summary>
    WithConsole,

    /// <summary>At standard input and output alone.</summary>
    Stdio,

    /// <summary>There is none.</summary>
    None,
}

/// <summary>What the machine writes down about itself.</summary>
[Flags]
internal enum LogItems
{
    None = 0,

    /// <summary>The guest used something that this machine does not have.</summary>
    Unimplemented = 1,

    /// <summary>The guest did something that no guest should.</summary>
    GuestErrors = 2,

    /// <summary>Traps and interrupts.</summary>
    Interrupts = 4,

    /// <summary>Instructions, as they are first decoded.</summary>
    Instructions = 8,
}

/// <summary>What is logged, and where to.</summary>
/// <param name="Items">Chosen with <c>-d</c>.</param>
/// <param name="Path">The log file; null for standard error.</param>
/// <param name="IsOn">Any log was asked for; without, nothing of the logging is even loaded.</param>
internal sealed record LogOptions(LogItems Items, string? Path, bool IsOn)
{
    public static readonly LogOptions Silent = new(LogItems.None, null, false);
}
