using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Tests.Devices.Virtio;

/// <summary>A machine without RAM.</summary>
internal sealed class NoMemory : IDmaMemory
{
    public bool TryRead(ulong address, Span<byte> destination) => destination.IsEmpty;

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => source.IsEmpty;
}
