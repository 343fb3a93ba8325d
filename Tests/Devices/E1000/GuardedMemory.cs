using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Memory that knows what its owner has handed over to a card, and notes each access to anything else. For negative
/// controls it can also spoil what passes through it.
/// </summary>
internal sealed class GuardedMemory(IDmaMemory memory) : IDmaMemory
{
    private readonly SortedDictionary<ulong, int> _handedOver = [];
    private byte[]? _lateBytes;
    private ulong _lateAddress;

    /// <summary>Accesses to what was not handed over.</summary>
    public List<string> Trespasses { get; } = [];

    /// <summary>Given address and bytes that were read, may change them.</summary>
    public Action<ulong, byte[]>? Spoil { get; set; }

    /// <summary>Given address and length, says whether a write is to be kept back until the next.</summary>
    public Func<ulong, int, bool>? IsLate { get; set; }

    public void HandOver(ulong address, int length) => _handedOver[address] = Math.Max(length, _handedOver.GetValueOrDefault(address));

    public void TakeBack(ulong address) => _handedOver.Remove(address);

    public bool TryRead(ulong address, Span<byte> destination)
    {
        Check("read", address, destination.Length);
        byte[] bytes = new byte[destination.Length];
        bool ok = memory.TryRead(address, bytes);
        Spoil?.Invoke(address, bytes);
        bytes.CopyTo(destination);
        return ok;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        Check("write", address, source.Length);
        if (_lateBytes is { } late)
        {
            memory.TryWrite(_lateAddress, late);
            _lateBytes = null;
        }

        if (IsLate?.Invoke(address, source.Length) == true)
        {
            _lateBytes = source.ToArray();
            _lateAddress = address;
            return true;
        }

        return memory.TryWrite(address, source);
    }

    private void Check(string what, ulong address, int length)
    {
        ulong end = address + (ulong)length;
        while (address < end)
        {
            ulong start = address;
            foreach (var (at, size) in _handedOver)
            {
                if (at <= address && address < at + (ulong)size)
                {
                    address = at + (ulong)size;
                }
            }

            if (address == start)
            {
                Trespasses.Add($"{what} of {length} bytes up to 0x{end:x}: nothing was handed over at 0x{address:x}");
                return;
            }
        }
    }
}
