using RiscvXv6.Devices.Net;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>What a person chose about the machine, which the machine itself does not know.</summary>
internal sealed record MonitorSurroundings
{
    /// <summary>Nothing is known.</summary>
    public static readonly MonitorSurroundings None = new();

    /// <summary>The program's own version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The networks, whose cards are those of the machine, in the same order.</summary>
    public NetworkOptions Network { get; init; } = NetworkOptions.None;

    /// <summary>What went over each card's cable, in the order of the cards; null for one that is not plugged in.</summary>
    public Func<IReadOnlyList<LinkStatistics?>> Links { get; init; } = static () => [];

    /// <summary>What lies behind a disk, by virtio-mmio slot: <c>x0: fs.img (raw)</c>.</summary>
    public IReadOnlyDictionary<int, string> Disks { get; init; } = new Dictionary<int, string>();
}
