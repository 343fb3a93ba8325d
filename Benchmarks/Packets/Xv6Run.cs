using System.Globalization;
using System.Text.RegularExpressions;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>Boots our guest on one hart and runs its netbench for every size, with rings of one length.</summary>
internal sealed partial class Xv6Run(byte[] kernel, byte[] disk)
{
    /// <summary>Datagrams of a measurement. A flood is three times as long, since most of it finds no room.</summary>
    public const int Packets = 200;

    private const int Headers = 14 + 20 + 8 + 4;
    private const ulong MemoryBytes = 128UL << 20;
    private const ulong LimitCycles = 600_000_000_000;

    /// <exception cref="InvalidDataException">A command failed.</exception>
    public PacketCell Run(PacketMode mode, int frameBytes, int ring, PciBusTiming bus)
    {
        int payload = frameBytes - Headers;
        string netbench = mode switch
        {
            PacketMode.Transmit => $"netbench -c {Packets} -s {payload} tx 10.0.2.2 {PeerFrames.SinkPort}",
            PacketMode.Echo => $"netbench -c {Packets} -s {payload} echo 10.0.2.2 {PeerFrames.EchoPort}",

            // The flood begins when the receiver has bound its port.
            _ => $"netbench -c {Packets} -t 3 rx {PeerFrames.GuestPort} & sleep 2; "
                + $"sendpkt udp 10.0.2.2 {PeerFrames.FloodPort} {frameBytes} {3 * Packets}; wait",
        };

        // The address of the peer is asked for before anything is measured.
        var console = new GuestConsole([$"ifconfig ring {ring}", "ping -c 1 10.0.2.2", netbench]);
        var options = new BootOptions { MemorySizeBytes = MemoryBytes, Kernel = new BootFile("kernel.elf", kernel) };
        if (!BootPlan.TryCreate(options, out var plan, out var error))
        {
            throw new InvalidDataException(error.ToString());
        }

        using var bench = new PacketBench(plan.ToLoads(), console, disk, MemoryBytes, bus);
        bench.Machine.Run(LimitCycles);
        if (console.Answers is not [_, _, var answer])
        {
            throw new InvalidDataException($"xv6 did not come to the end of '{netbench}': '{console.Text}'");
        }

        var peer = bench.Peer;
        return mode == PacketMode.Transmit
            ? bench.Cell(PacketDriver.Xv6, mode, frameBytes, ring, peer.Received, peer.LastCycle - peer.FirstCycle, peer.Received - 1)
            : bench.Cell(PacketDriver.Xv6, mode, frameBytes, ring, Value(answer, "packets"), Value(answer, "cycles"), Value(answer, "packets"));
    }

    /// <summary>The number behind a label that netbench prints in a line of its own.</summary>
    private static ulong Value(string answer, string label)
    {
        foreach (Match line in Report().Matches(answer))
        {
            if (line.Groups[1].Value == label)
            {
                return ulong.Parse(line.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidDataException($"netbench printed no {label}: '{answer}'");
    }

    [GeneratedRegex(@"^ *([a-z ]+?) +([0-9]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Report();
}
