using System.Buffers.Binary;
using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Stands between a card and memory and knows what the guest has handed over since the card was last reset: the
/// descriptors between head and tail of a ring that was enabled, and the buffers of those that the card has fetched.
/// Whatever else the card touches, or only tries to, is a failure.
/// </summary>
/// <param name="memory">What the card reaches.</param>
/// <param name="register">Looks at a register of the card without side effects, by its offset.</param>
/// <param name="fail">Takes what is wrong.</param>
internal sealed class E1000DmaGuard(IDmaMemory memory, Func<uint, uint> register, Action<string> fail) : IDmaMemory
{
    private const int DescriptorBytes = 16;
    private const uint Enable = 1u << 1;
    private const uint ReceiveBlock = 0x2800;
    private const uint TransmitBlock = 0x3800;
    private const uint ReceiveControl = 0x0100;
    private const uint TransmitControl = 0x0400;

    private readonly HashSet<(ulong Start, ulong End)> _receiveRings = [];
    private readonly HashSet<(ulong Start, ulong End)> _transmitRings = [];
    private readonly HashSet<ulong> _receiveBuffers = [];
    private readonly HashSet<(ulong Start, ulong End)> _transmitBuffers = [];
    private int _receiveBytesMax;
    private ulong _receiveTail;
    private ulong _transmitTail;

    /// <summary>Whether the card may use the bus at all.</summary>
    public bool IsBusMaster { get; set; } = true;

    /// <summary>Descriptors that the card has fetched, of both rings.</summary>
    public long DescriptorsFetched { get; private set; }

    /// <summary>Accesses so far: one that never stops counting is a hang.</summary>
    public long Accesses { get; private set; }

    /// <summary>To be called when the card was reset: nothing is handed over any more.</summary>
    public void Forget()
    {
        _receiveRings.Clear();
        _transmitRings.Clear();
        _receiveBuffers.Clear();
        _transmitBuffers.Clear();
        _receiveBytesMax = 0;
        _receiveTail = 0;
        _transmitTail = 0;
    }

    /// <summary>
    /// To be called after every store that may hand something over: to ring, tail and control registers.
    /// </summary>
    public void Update()
    {
        uint control = register(ReceiveControl);
        if ((control & Enable) != 0)
        {
            _receiveBytesMax = Math.Max(_receiveBytesMax, BufferBytes(control));
            HandOver(ReceiveBlock, _receiveRings, ref _receiveTail);
        }

        if ((register(TransmitControl) & Enable) != 0)
        {
            HandOver(TransmitBlock, _transmitRings, ref _transmitTail);
        }
    }

    public bool TryRead(ulong address, Span<byte> destination)
    {
        Note();
        Update();
        ulong length = (ulong)destination.Length;
        bool isReceive = Covers(_receiveRings, address, length);
        bool isTransmit = Covers(_transmitRings, address, length);
        bool isProbe = length == 1 && _receiveBuffers.Contains(address);
        if (!isReceive && !isTransmit && !isProbe && !Contains(_transmitBuffers, address, length))
        {
            fail($"it read {length} bytes at 0x{address:x}, which nobody handed over");
        }

        bool isRead = memory.TryRead(address, destination);
        if (isRead && length % DescriptorBytes == 0)
        {
            TakeDescriptors(destination, isReceive, isTransmit);
        }

        return isRead;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        Note();
        Update();
        ulong length = (ulong)source.Length;
        bool isStatus = Covers(_receiveRings, address, length) || Covers(_transmitRings, address, length);
        bool isData = _receiveBuffers.Contains(address) && source.Length <= _receiveBytesMax;
        if (!isStatus && !isData)
        {
            fail($"it wrote {length} bytes at 0x{address:x}, which nobody handed over");
        }

        return memory.TryWrite(address, source);
    }

    private static int BufferBytes(uint control)
    {
        int size = 2048 >> (int)(control >> 16 & 3);
        return (control & 1u << 25) != 0 && size != 2048 ? 16 * size : size;
    }

    /// <summary>Whether each descriptor of an access was handed over, together with its neighbours or not.</summary>
    private static bool Covers(HashSet<(ulong Start, ulong End)> rings, ulong address, ulong length)
    {
        if (length < DescriptorBytes)
        {
            return Contains(rings, address, length);
        }

        bool isCovered = length % DescriptorBytes == 0;
        for (ulong offset = 0; offset < length && isCovered; offset += DescriptorBytes)
        {
            isCovered = Contains(rings, address + offset, DescriptorBytes);
        }

        return isCovered;
    }

    private static bool Contains(HashSet<(ulong Start, ulong End)> ranges, ulong address, ulong length)
    {
        foreach (var (start, end) in ranges)
        {
            if (address >= start && address < end && length <= end - address)
            {
                return true;
            }
        }

        return false;
    }

    private void Note()
    {
        Accesses++;
        if (!IsBusMaster)
        {
            fail("it used the bus without being its master");
        }
    }

    /// <summary>
    /// Hands over what lies between head and tail, and what lies between the tail before and the tail now: a driver
    /// whose tail has overtaken the head has handed over no less.
    /// </summary>
    private void HandOver(uint block, HashSet<(ulong Start, ulong End)> rings, ref ulong tailBefore)
    {
        ulong start = (ulong)register(block + 4) << 32 | register(block) & ~0xful;
        ulong count = (register(block + 8) & 0xf_ff80) / DescriptorBytes;
        ulong tail = register(block + 0x18) & 0xffff;
        Add(rings, start, count, register(block + 0x10) & 0xffff, tail);
        Add(rings, start, count, tailBefore, tail);
        tailBefore = tail;
    }

    private static void Add(HashSet<(ulong Start, ulong End)> rings, ulong start, ulong count, ulong head, ulong tail)
    {
        if (head >= count || tail >= count || head == tail)
        {
            return;
        }

        if (head < tail)
        {
            rings.Add((start + head * DescriptorBytes, start + tail * DescriptorBytes));
            return;
        }

        rings.Add((start + head * DescriptorBytes, start + count * DescriptorBytes));
        rings.Add((start, start + tail * DescriptorBytes));
    }

    private void TakeDescriptors(ReadOnlySpan<byte> bytes, bool isReceive, bool isTransmit)
    {
        for (int offset = 0; offset < bytes.Length; offset += DescriptorBytes)
        {
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(offset + 8)..]);
            if (isReceive)
            {
                _receiveBuffers.Add(address);
            }

            if (isTransmit)
            {
                // Legacy descriptors have a length of 16 bits, data descriptors one of 20.
                bool isExtended = (low & 1u << 29) != 0;
                ulong length = low & (isExtended ? 0xf_ffffu : 0xffffu);
                ulong room = Math.Min(length, ulong.MaxValue - address);
                _transmitBuffers.Add((address, address + room));
            }

            DescriptorsFetched += isReceive || isTransmit ? 1 : 0;
        }
    }
}
