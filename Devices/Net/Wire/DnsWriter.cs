using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// Writes an answer to a query: header and question, then records as long as 512 bytes last (RFC 1035 "Size limits").
/// </summary>
public ref struct DnsWriter
{
    public const int SizeBytesMax = 512;

    /// <summary>An OPT record without options.</summary>
    internal const int ExtensionsBytes = 11;

    private const int RecordHeaderBytes = 12;
    private const int AnswerCountOffset = 6;
    private const int AdditionalCountOffset = 10;

    /// <summary>
    /// A reference to the name at offset 12, which is the question's (RFC 1035 "Message compression").
    /// </summary>
    private const ushort QuestionName = 0xc00c;

    private const int ResponseBit = 1 << 15;
    private const int AuthoritativeBit = 1 << 10;
    private const int TruncatedBit = 1 << 9;
    private const int RecursionAvailableBit = 1 << 7;
    private const int KeptBits = 0x7900; // Operation, and whether recursion is desired.
    private const ushort UdpPayloadBytes = 1232;

    private readonly Span<byte> _bytes;
    private int _at;

    /// <summary>Begins an answer.</summary>
    /// <param name="bytes">Where to; 512 bytes.</param>
    /// <param name="query">What is answered.</param>
    /// <param name="question">As it came, or empty if it made no sense.</param>
    /// <param name="code">How the query ended.</param>
    /// <param name="isAuthoritative">The answer is this server's own.</param>
    public DnsWriter(
        Span<byte> bytes, in DnsMessage query, ReadOnlySpan<byte> question, DnsResponseCode code, bool isAuthoritative)
        : this(bytes, query.Id, query.Flags, question, code, isAuthoritative)
    {
    }

    /// <summary>Begins an answer to a query of which only this is kept.</summary>
    public DnsWriter(
        Span<byte> bytes, ushort id, ushort queryFlags, ReadOnlySpan<byte> question, DnsResponseCode code,
        bool isAuthoritative)
    {
        _bytes = bytes[..SizeBytesMax];
        _bytes[..DnsMessage.HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(_bytes, id);
        int flags = ResponseBit | queryFlags & KeptBits | RecursionAvailableBit | (byte)code;
        flags |= isAuthoritative ? AuthoritativeBit : 0;
        BinaryPrimitives.WriteUInt16BigEndian(_bytes[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(_bytes[4..], (ushort)(question.IsEmpty ? 0 : 1));
        question.CopyTo(_bytes[DnsMessage.HeaderBytes..]);
        _at = DnsMessage.HeaderBytes + question.Length;
    }

    /// <summary>
    /// Adds a record about the question's name; without room for it, the answer says that it is cut off.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="lifetimeSeconds">How long it may be kept.</param>
    /// <param name="data">What it says.</param>
    public void Add(DnsType type, uint lifetimeSeconds, scoped ReadOnlySpan<byte> data)
    {
        if (_at + RecordHeaderBytes + data.Length + ExtensionsBytes > _bytes.Length)
        {
            _bytes[2] |= TruncatedBit >> 8;
            return;
        }

        var record = _bytes[_at..];
        BinaryPrimitives.WriteUInt16BigEndian(record, QuestionName);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], DnsQuestion.InternetClass);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], lifetimeSeconds);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)data.Length);
        data.CopyTo(record[RecordHeaderBytes..]);
        _at += RecordHeaderBytes + data.Length;
        Count(AnswerCountOffset);
    }

    /// <summary>Says that extensions are known here too, without any (RFC 6891 "OPT Record Definition").</summary>
    public void AddExtensions()
    {
        var record = _bytes.Slice(_at, ExtensionsBytes);
        record.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], (ushort)DnsType.Extensions);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], UdpPayloadBytes);
        _at += ExtensionsBytes;
        Count(AdditionalCountOffset);
    }

    /// <summary>The message's length.</summary>
    public readonly int Finish() => _at;

    private readonly void Count(int offset)
    {
        var count = _bytes[offset..];
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + 1));
    }
}
