using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>A view of a DNS message whose header is complete (RFC 1035 "Header section format").</summary>
public readonly ref struct DnsMessage
{
    public const ushort Port = 53;
    public const int HeaderBytes = 12;

    private const int ResponseBit = 1 << 15;

    private readonly ReadOnlySpan<byte> _bytes;

    private DnsMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public bool IsResponse => (Flags & ResponseBit) != 0;

    /// <summary>0 is a standard query.</summary>
    public int Operation => Flags >> 11 & 0xf;

    public ushort QuestionCount => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    private ushort AnswerCount => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    private ushort AuthorityCount => BinaryPrimitives.ReadUInt16BigEndian(_bytes[8..]);

    private ushort AdditionalCount => BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);

    /// <summary>Reads a datagram's payload. False if the header is cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DnsMessage message)
    {
        message = new DnsMessage(bytes);
        return bytes.Length >= HeaderBytes;
    }

    /// <summary>Reads the first question. False if it is cut off, or its name is not written out.</summary>
    public bool TryReadQuestion(out DnsQuestion question) => DnsQuestion.TryRead(_bytes[HeaderBytes..], out question);

    /// <summary>
    /// Whether a query with one question says that the client knows extensions (RFC 6891 "OPT Record Definition"): the
    /// record stands first behind the question, as every client writes it.
    /// </summary>
    public bool HasExtensions(in DnsQuestion question)
    {
        var rest = _bytes[(HeaderBytes + question.Bytes.Length)..];
        return AnswerCount == 0 && AuthorityCount == 0 && AdditionalCount > 0
            && rest.Length >= DnsWriter.ExtensionsBytes
            && rest[0] == 0
            && BinaryPrimitives.ReadUInt16BigEndian(rest[1..]) == (ushort)DnsType.Extensions;
    }
}
