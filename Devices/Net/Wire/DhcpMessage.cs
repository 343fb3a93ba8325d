using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>A view of a BOOTP or DHCP message whose fixed part is complete (RFC 2131 "Protocol Summary").</summary>
public readonly ref struct DhcpMessage
{
    public const ushort ServerPort = 67;
    public const ushort ClientPort = 68;
    public const byte RequestOperation = 1;
    public const byte ReplyOperation = 2;
    public const byte EthernetHardware = 1;

    /// <summary>Everything before the options, the cookie included.</summary>
    public const int HeaderBytes = 240;

    /// <summary>What tells options from a vendor's own matter (RFC 2131 "The Client-Server Protocol").</summary>
    public const uint Cookie = 0x6382_5363;

    internal const int CookieOffset = 236;

    private readonly ReadOnlySpan<byte> _bytes;

    private DhcpMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public byte Operation => _bytes[0];

    public byte HardwareType => _bytes[1];

    public byte HardwareLength => _bytes[2];

    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);

    /// <summary>The client can't yet take what is sent to its address alone.</summary>
    public bool WantsBroadcast => (Flags & 0x8000) != 0;

    /// <summary>The address that the client has and answers for; or none.</summary>
    public IPv4Address ClientAddress => IPv4Address.Read(_bytes[12..]);

    /// <summary>The address that the server gives to the client.</summary>
    public IPv4Address YourAddress => IPv4Address.Read(_bytes[16..]);

    /// <summary>The server to boot from.</summary>
    public IPv4Address NextServer => IPv4Address.Read(_bytes[20..]);

    /// <summary>The agent that carried the message from another network; or none.</summary>
    public IPv4Address Relay => IPv4Address.Read(_bytes[24..]);

    public MacAddress ClientMac => MacAddress.Read(_bytes[28..]);

    public DhcpMessageType Type => TryFind(DhcpOption.MessageType, out var value) && value.Length == 1
        ? (DhcpMessageType)value[0]
        : DhcpMessageType.None;

    /// <summary>Reads a datagram's payload. False if the fixed part is cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DhcpMessage message)
    {
        message = new DhcpMessage(bytes);
        return bytes.Length >= HeaderBytes;
    }

    /// <summary>Finds an option; the first of its kind. Options behind one that is cut off are not seen.</summary>
    public bool TryFind(DhcpOption option, out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = _bytes[HeaderBytes..];
        if (BinaryPrimitives.ReadUInt32BigEndian(_bytes[CookieOffset..]) != Cookie)
        {
            return false;
        }

        while (!rest.IsEmpty && rest[0] != (byte)DhcpOption.End)
        {
            if (rest[0] == (byte)DhcpOption.Pad)
            {
                rest = rest[1..];
                continue;
            }

            if (rest.Length < 2 || rest.Length < 2 + rest[1])
            {
                return false;
            }

            if (rest[0] == (byte)option)
            {
                value = rest.Slice(2, rest[1]);
                return true;
            }

            rest = rest[(2 + rest[1])..];
        }

        return false;
    }

    /// <summary>Finds an option that holds an address.</summary>
    public bool TryFindAddress(DhcpOption option, out IPv4Address address)
    {
        bool isThere = TryFind(option, out var value) && value.Length == IPv4Address.SizeBytes;
        address = isThere ? IPv4Address.Read(value) : default;
        return isThere;
    }
}
