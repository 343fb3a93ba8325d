using RiscvXv6.Devices.Virtio;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// Everything a machine is made of, with every file already read and checked: equal setups and equal host events give equal
/// runs, bit for bit.
/// </summary>
internal sealed record MachineSetup
{
    /// <summary>1 to 8.</summary>
    public int HartCount { get; init; } = 1;

    /// <summary>Size of DRAM; a multiple of 4 KiB.</summary>
    public ulong MemoryBytes { get; init; } = 128UL << 20;

    /// <summary>Cycles per microsecond.</summary>
    public int CpuMegahertz { get; init; } = 1000;

    public Pace Pace { get; init; } = Pace.Virtual;

    /// <summary>The virtio-mmio slots speak version 1 (QEMU's default) rather than 2.</summary>
    public bool LegacyVirtio { get; init; } = true;

    /// <summary>Disks by virtio-mmio slot.</summary>
    public IReadOnlyDictionary<int, IBlockBackend> Disks { get; init; } = new Dictionary<int, IBlockBackend>();

    /// <summary>Network cards on the PCI bus.</summary>
    public IReadOnlyList<NicSetup> Nics { get; init; } = [];

    /// <summary>What the real-time clock shows at power-on, in nanoseconds since 1970.</summary>
    public ulong RtcBaseNanoseconds { get; init; }

    /// <summary>What lies in DRAM and the boot ROM before the first instruction, and again after a reset.</summary>
    public IReadOnlyList<ImageLoad> Loads { get; init; } = [];

    /// <summary>Lets a kernel that never programs PMP proceed (from before August 2021); only sensible without firmware.</summary>
    public bool PmpCourtesy { get; init; }

    /// <summary>Null for the fixed turn of harts; otherwise the seed of a varied one.</summary>
    public ulong? ScheduleSeed { get; init; }

    /// <summary>The kernel, if it is an ELF: for its symbols.</summary>
    public ElfFile? Kernel { get; init; }

    /// <summary>The firmware, if it is an ELF: for its symbols.</summary>
    public ElfFile? Firmware { get; init; }

    /// <summary>HTIF's <c>tohost</c>, if the kernel has one.</summary>
    public ulong? ToHost { get; init; }

    /// <summary>HTIF's <c>fromhost</c>, if the kernel has one.</summary>
    public ulong? FromHost { get; init; }

    /// <summary>A guest's reset ends the run instead.</summary>
    public bool ResetEndsRun { get; init; }

    /// <summary>Input may come at any time; otherwise a machine in which nothing can happen any more says so once.</summary>
    public bool InputIsLive { get; init; }

    /// <summary>Told, in one line each, what a person ought to know about this run.</summary>
    public Action<string>? Notice { get; init; }
}
