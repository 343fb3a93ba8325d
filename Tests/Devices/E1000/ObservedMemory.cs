using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Guest memory with a diary of what a card did to it, and a hand on what reaches it, for negative controls.
/// </summary>
internal sealed class ObservedMemory(GuestMemory ram, IGuestClock clock) : IDmaMemory
{
    /// <summary>Each write that reached memory.</summary>
    public List<(ulong Cycle, ulong Address, int Length)> Writes { get; } = [];

    /// <summary>Each read of more than a byte: probes are none.</summary>
    public List<(ulong Cycle, ulong Address, int Length)> Reads { get; } = [];

    /// <summary>Keeps no diary.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Takes a write in memory's stead, if it returns true.</summary>
    public Func<ulong, byte[], bool>? Intercept { get; set; }

    public bool TryRead(ulong address, Span<byte> destination)
    {
        if (!IsSilent && destination.Length > 1)
        {
            Reads.Add((clock.NowCycles, address, destination.Length));
        }

        return ram.TryRead(address, destination);
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        if (Intercept is { } intercept && intercept(address, source.ToArray()))
        {
            return true;
        }

        if (!ram.TryWrite(address, source))
        {
            return false;
        }

        if (!IsSilent)
        {
            Writes.Add((clock.NowCycles, address, source.Length));
        }

        return true;
    }
}
