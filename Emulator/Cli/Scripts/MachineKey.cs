using System.Collections.Immutable;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Verbs;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>A key of a script's machine: an option of <c>riscvxv6 run</c> by its own name.</summary>
/// <param name="Name">Without its dashes.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Set">Gives it to the command line.</param>
internal sealed record MachineKey(string Name, MachineKeyKind Kind, Action<RunVerb, IReadOnlyList<string>> Set)
{
    public static readonly ImmutableArray<MachineKey> All =
    [
        new("kernel", MachineKeyKind.Path, static (run, values) => run.Kernel = values[0]),
        new("harts", MachineKeyKind.Text, static (run, values) => run.Harts = values[0]),
        new("memory", MachineKeyKind.Text, static (run, values) => run.Memory = values[0]),
        new("bios", MachineKeyKind.Firmware, static (run, values) => run.Bios = values[0]),
        new("initrd", MachineKeyKind.Path, static (run, values) => run.Initrd = values[0]),
        new("append", MachineKeyKind.Text, static (run, values) => run.Append = values[0]),
        new("dtb", MachineKeyKind.Path, static (run, values) => run.Dtb = values[0]),
        new("legacy-virtio", MachineKeyKind.Flag, static (run, values) => run.LegacyVirtio = On("legacy-virtio", values[0])),
        new("net", MachineKeyKind.Networks, static (run, values) => run.Networks = values),
        new("nic", MachineKeyKind.List, static (run, values) => run.Nics = values),
        new("nic-fidelity", MachineKeyKind.Text, static (run, values) => run.NicFidelity = values[0]),
        new("dns-host", MachineKeyKind.List, static (run, values) => run.DnsHosts = values),
        new("net-faults", MachineKeyKind.List, static (run, values) => run.Faults = values),
        new("cpu-mhz", MachineKeyKind.Text, static (run, values) => run.CpuMhz = values[0]),
        new("strict-pmp", MachineKeyKind.Flag, static (run, values) => run.StrictPmp = On("strict-pmp", values[0])),
        new("no-reboot", MachineKeyKind.Flag, static (run, values) => run.NoReboot = On("no-reboot", values[0])),
        new("rtc", MachineKeyKind.Text, static (run, values) => run.Rtc = values[0]),
        new("seed", MachineKeyKind.Text, static (run, values) => run.Seed = values[0]),
        new("hart-seed", MachineKeyKind.Text, static (run, values) => run.HartSeed = values[0]),
    ];

    /// <summary>The key of disks, which are more than a text.</summary>
    public const string Disk = "disk";

    public static IEnumerable<string> Names => All.Select(static key => key.Name).Append(Disk);

    private static bool On(string name, string text) => OptionValues.Switch($"--{name}", text);
}

/// <summary>What a machine's key has for a value.</summary>
internal enum MachineKeyKind
{
    Text,

    /// <summary>On or off.</summary>
    Flag,

    /// <summary>A file, from the script's folder.</summary>
    Path,

    /// <summary>A file, or a word that stands for one.</summary>
    Firmware,

    /// <summary>A text or a list of them.</summary>
    List,

    /// <summary>As <see cref="List"/>; closed to the host unless it says otherwise.</summary>
    Networks,
}
