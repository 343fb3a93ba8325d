using System.Buffers.Binary;
using System.Text;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>Writes a server's message: the fixed part, then options as long as there is room for them.</summary>
public ref struct DhcpWriter
{
    /// <summary>What relays and old clients expect at least (RFC 1542 "General Requirements": 300 octets).</summary>
    public const int SizeBytesMin = 300;

    /// <summary>
    /// What every client takes: 576 bytes with the headers of IPv4 and UDP (RFC 2131 "Protocol Summary").
    /// </summary>
    public const int SizeBytesMax = 576 - IPv4Header.SizeBytes - UdpHeader.SizeBytes;

    private const int FileOffset = 108;
    private const int FileBytes = 128;

    private readonly Span<byte> _bytes;
    private int _at;

    /// <summary>Begins an answer.</summary>
    /// <param name="bytes">Where to; at least 300 bytes.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="yourAddress">What the client is given.</param>
    /// <param name="nextServer">Whom to boot from; or none.</param>
    public DhcpWriter(Span<byte> bytes, in DhcpMessage request, IPv4Address yourAddress, IPv4Address nextServer)
    {
        _bytes = bytes;
        bytes.Clear();
        bytes[0] = DhcpMessage.ReplyOperation;
        bytes[1] = DhcpMessage.EthernetHardware;
        bytes[2] = MacAddress.SizeBytes;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], request.TransactionId);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], request.Flags);
        yourAddress.Write(bytes[16..]);
        nextServer.Write(bytes[20..]);
        request.ClientMac.Write(bytes[28..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[DhcpMessage.CookieOffset..], DhcpMessage.Cookie);
        _at = DhcpMessage.HeaderBytes;
    }

    /// <summary>The client's own address, which it told.</summary>
    public readonly void SetClientAddress(IPv4Address address) => address.Write(_bytes[12..]);

    /// <summary>The file to boot, of at most 127 ASCII characters.</summary>
    public readonly void SetFile(string name) => Encoding.ASCII.GetBytes(name, _bytes.Slice(FileOffset, FileBytes - 1));

    /// <summary>Adds an option if there is room.</summary>
    public void Add(DhcpOption option, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length > byte.MaxValue || _at + 2 + value.Length + 1 > _bytes.Length)
        {
            return;
        }

        _bytes[_at] = (byte)option;
        _bytes[_at + 1] = (byte)value.Length;
        value.CopyTo(_bytes[(_at + 2)..]);
        _at += 2 + value.Length;
    }

    public void Add(DhcpOption option, byte value) => Add(option, [value]);

    public void Add(DhcpOption option, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Add(option, bytes);
    }

    public void Add(DhcpOption option, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        Add(option, bytes);
    }

    public void Add(DhcpOption option, IPv4Address value) => Add(option, value.Value);

    /// <summary>Ends the options. Returns the message's length: at least 300 bytes.</summary>
    public int Finish()
    {
        _bytes[_at++] = (byte)DhcpOption.End;
        return Math.Max(_at, SizeBytesMin);
    }
}
