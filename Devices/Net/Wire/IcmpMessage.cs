using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>A view of an ICMP message that is complete and unharmed (RFC 792 "Message Formats").</summary>
public readonly ref struct IcmpMessage
{
    /// <summary>The part that every message has; four bytes of it mean something else in each kind.</summary>
    public const int HeaderBytes = 8;

    private const int ChecksumOffset = 2;

    private readonly ReadOnlySpan<byte> _bytes;

    private IcmpMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public IcmpType Type => (IcmpType)_bytes[0];

    public byte Code => _bytes[1];

    /// <summary>Of an echo and its reply.</summary>
    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>Of an echo and its reply.</summary>
    public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>An echo's data; an error's quotation.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>
    /// An error is about a packet that somebody sent; nobody answers it with another error (RFC 1122 "Internet Control
    /// Message Protocol").
    /// </summary>
    public bool IsError => IsErrorType(_bytes[0]);

    /// <summary>Whether a message's first byte tells of an error; kinds that nobody knows count as errors.</summary>
    public static bool IsErrorType(byte type) => (IcmpType)type
        is IcmpType.Unreachable or IcmpType.SourceQuench or IcmpType.Redirect or IcmpType.TimeExceeded
            or IcmpType.ParameterProblem
        || type > 18;

    /// <summary>Reads a packet's payload. False if the header is cut off or the checksum is wrong.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IcmpMessage message)
    {
        message = new IcmpMessage(bytes);
        return bytes.Length >= HeaderBytes && InternetChecksum.Sum(bytes) == InternetChecksum.Valid;
    }

    /// <summary>Writes the header of a message whose payload is in place already, checksum included.</summary>
    /// <param name="message">Header and payload, and nothing behind them.</param>
    /// <param name="type">The kind.</param>
    /// <param name="code">What exactly.</param>
    /// <param name="identifier">Of an echo; otherwise 0.</param>
    /// <param name="sequence">Of an echo; otherwise 0.</param>
    public static void WriteHeader(
        Span<byte> message, IcmpType type, byte code, ushort identifier = 0, ushort sequence = 0)
    {
        message[0] = (byte)type;
        message[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumOffset..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], sequence);
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumOffset..], InternetChecksum.Compute(message));
    }
}
