using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>Counts what passes through it.</summary>
internal sealed class CountingMemory(IDmaMemory memory) : IDmaMemory
{
    public int Accesses { get; private set; }

    public bool TryRead(ulong address, Span<byte> destination)
    {
        Accesses++;
        return memory.TryRead(address, destination);
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        Accesses++;
        return memory.TryWrite(address, source);
    }
}
