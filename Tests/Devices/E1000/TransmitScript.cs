using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Fills a transmit ring with descriptors of all sorts, as SDM "Transmit Descriptor Format" lays them out.
/// </summary>
internal sealed class TransmitScript(E1000Driver driver)
{
    public const byte EndOfPacket = 1 << 0;
    public const byte InsertFcs = 1 << 1;
    public const byte InsertChecksum = 1 << 2;
    public const byte Segmented = 1 << 2;
    public const byte ReportStatus = 1 << 3;
    public const byte Extended = 1 << 5;
    public const byte VlanTag = 1 << 6;
    public const byte Delayed = 1 << 7;
    public const byte IPChecksum = 1 << 0;
    public const byte TransportChecksum = 1 << 1;
    public const byte ContextTcp = 1 << 0;
    public const byte ContextIPv4 = 1 << 1;

    private ulong _buffer = E1000Driver.TransmitBuffers;

    public int Tail { get; private set; }

    /// <summary>A legacy descriptor: CSO, CSS, CMD and the special field.</summary>
    public int Legacy(ReadOnlySpan<byte> bytes, byte command, byte checksumOffset = 0, byte checksumStart = 0, ushort special = 0) =>
        Add(
            Store(bytes),
            (uint)bytes.Length | (ulong)checksumOffset << 16 | (ulong)command << 24 | (ulong)checksumStart << 40 | (ulong)special << 48);

    /// <summary>A data descriptor: DCMD, POPTS and the special field.</summary>
    public int Data(ReadOnlySpan<byte> bytes, byte command, byte options = 0, ushort special = 0) =>
        Add(
            Store(bytes),
            (uint)bytes.Length | 1ul << 20 | (ulong)(command | Extended) << 24 | (ulong)options << 40 | (ulong)special << 48);

    /// <summary>A context descriptor.</summary>
    public int Context(
        byte command,
        byte ipStart,
        byte ipOffset,
        ushort ipEnd,
        byte transportStart,
        byte transportOffset,
        ushort transportEnd,
        int payloadBytes = 0,
        byte headerBytes = 0,
        ushort segmentBytes = 0) => Add(
            ipStart | (ulong)ipOffset << 8 | (ulong)ipEnd << 16 | (ulong)transportStart << 32 | (ulong)transportOffset << 40
                | (ulong)transportEnd << 48,
            (uint)payloadBytes | (ulong)(command | Extended) << 24 | (ulong)headerBytes << 40 | (ulong)segmentBytes << 48);

    /// <summary>A context for the packets of <see cref="PlainPackets.Prototype"/>.</summary>
    public int ContextFor(bool isIPv6, bool isTcp, int payloadBytes = 0, ushort segmentBytes = 0, byte command = 0)
    {
        int transport = PlainPackets.EthernetBytes + (isIPv6 ? PlainPackets.IPv6Bytes : PlainPackets.IPv4Bytes);
        int header = transport + (isTcp ? PlainPackets.TcpBytes : PlainPackets.UdpBytes);
        return Context(
            (byte)(command | (isTcp ? ContextTcp : 0) | (isIPv6 ? 0 : ContextIPv4) | (segmentBytes == 0 ? 0 : Segmented)),
            PlainPackets.EthernetBytes,
            PlainPackets.EthernetBytes + 10,
            isIPv6 ? (ushort)0 : (ushort)(transport - 1),
            (byte)transport,
            (byte)(transport + (isTcp ? 16 : 6)),
            0,
            payloadBytes,
            (byte)header,
            segmentBytes);
    }

    public int Add(ulong low, ulong high)
    {
        int index = Tail;
        driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(index), low);
        driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(index) + 8, high);
        Tail = (Tail + 1) % driver.TransmitCount;
        return index;
    }

    public void Ring() => driver.Write(E1000Register.Tdt, (uint)Tail);

    private ulong Store(ReadOnlySpan<byte> bytes)
    {
        ulong at = _buffer;
        driver.Memory.TryWrite(at, bytes);
        _buffer += (ulong)bytes.Length + 5;
        if (_buffer > E1000Driver.ReceiveBuffers - 0x2_0000)
        {
            _buffer = E1000Driver.TransmitBuffers;
        }

        return at;
    }
}
