using System.Buffers.Binary;
using System.Globalization;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Guest.Symbols;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>Runs Benchmarks/Guests/nic.c with its parameters changed in memory before the start.</summary>
/// <param name="elf">The guest.</param>
internal sealed class BareMetalRun(byte[] elf)
{
    /// <summary>Measured; as many again go before, so that rings and FIFOs are in their steady state.</summary>
    public const int Packets = 2000;

    private const int WarmUp = 500;
    private const ulong MemoryBytes = 16UL << 20;

    /// <summary>The card is set up by then, at 1 GHz.</summary>
    private const ulong ReadyCycle = 1_000_000;

    private const ulong LimitCycles = 2_000_000_000;

    /// <exception cref="InvalidDataException">The guest did not come to its end.</exception>
    public PacketCell Run(PacketMode mode, int frameBytes, int ring, PciBusTiming bus, int gap = PacketLimits.UsualGap)
    {
        var console = new GuestConsole([]);
        using var bench = new PacketBench(Loads(mode, frameBytes, ring, gap), console, disk: null, MemoryBytes, bus);
        var peer = bench.Peer;
        peer.WarmUp = WarmUp;
        switch (mode)
        {
            case PacketMode.Receive:
                peer.StartFlood(frameBytes, ReadyCycle);
                break;
            case PacketMode.Echo:
                peer.StartEcho(frameBytes, underWay: 4, ReadyCycle);
                break;
        }

        var exit = bench.Machine.Run(LimitCycles);
        if (exit.Kind != MachineExitKind.PowerOff)
        {
            throw new InvalidDataException($"nic.elf, {mode}, {frameBytes} bytes, ring of {ring}: {exit.Kind}; it printed '{console.Text}'");
        }

        // What left the card is timed on the wire; what reached it is timed by the guest that took it out of memory.
        bool isTimedOnWire = mode != PacketMode.Receive;
        ulong cycles = isTimedOnWire ? peer.LastCycle - peer.FirstCycle : CyclesIn(console.Text);
        ulong intervals = isTimedOnWire ? peer.Received - 1 : Packets;
        return bench.Cell(PacketDriver.BareMetal, mode, frameBytes, ring, Packets, cycles, intervals);
    }

    private static ulong CyclesIn(string text)
    {
        const string label = "checksum ";
        string line = text.Split('\n')[0];
        return line.StartsWith(label, StringComparison.Ordinal)
            ? ulong.Parse(line.AsSpan(label.Length).TrimEnd(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"nic.elf printed '{line}'");
    }

    private IReadOnlyList<ImageLoad> Loads(PacketMode mode, int frameBytes, int ring, int gap)
    {
        var options = new BootOptions { MemorySizeBytes = MemoryBytes, Kernel = new BootFile("nic.elf", elf) };
        if (!BootPlan.TryCreate(options, out var plan, out var error))
        {
            throw new InvalidDataException(error.ToString());
        }

        if (!new SymbolTable(plan.Kernel!).TryFindAddress("parameters", out ulong address))
        {
            throw new InvalidDataException("nic.elf has no parameters");
        }

        const int frameCheck = 4;
        ReadOnlySpan<uint> words = [(uint)mode, (uint)(frameBytes - frameCheck), (uint)ring, Packets, WarmUp, (uint)gap, 1];
        byte[] parameters = new byte[words.Length * sizeof(uint)];
        for (int index = 0; index < words.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(parameters.AsSpan(index * sizeof(uint)), words[index]);
        }

        return [.. plan.ToLoads(), new ImageLoad(address, parameters, (ulong)parameters.Length)];
    }
}
