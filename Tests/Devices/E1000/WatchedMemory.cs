using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Memory that counts the card's transfers, and says when one reaches outside what the guest handed over.
/// </summary>
internal sealed class WatchedMemory(IDmaMemory memory) : IDmaMemory
{
    private readonly List<(ulong Start, ulong End)> _allowed = [];

    public int AccessCount { get; private set; }

    /// <summary>Transfers outside all allowed ranges.</summary>
    public List<string> Trespasses { get; } = [];

    public void Allow(ulong start, ulong lengthBytes) => _allowed.Add((start, start + lengthBytes));

    public bool TryRead(ulong address, Span<byte> destination)
    {
        Note("read", address, destination.Length);
        return memory.TryRead(address, destination);
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        Note("write", address, source.Length);
        return memory.TryWrite(address, source);
    }

    private void Note(string kind, ulong address, int length)
    {
        AccessCount++;
        if (!_allowed.Exists(range => address >= range.Start && address + (ulong)length <= range.End))
        {
            Trespasses.Add($"{kind} of {length} bytes at 0x{address:x}");
        }
    }
}
