using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>The options of a segment that carry meaning here; others are skipped.</summary>
/// <param name="MaximumSegmentSize">Bytes of data that the sender takes in one segment; 0 if not said (RFC 9293
/// "Maximum Segment Size Option").</param>
/// <param name="WindowShift">How far windows are shifted, at most 14; -1 if not said (RFC 7323 "Window Scale
/// Option").</param>
/// <param name="SackPermitted">The sender understands selective acknowledgements (RFC 2018 "Sack-Permitted
/// Option").</param>
/// <param name="HasTimestamps">The two that follow are there (RFC 7323 "Timestamps Option").</param>
/// <param name="TimestampValue">The sender's clock.</param>
/// <param name="TimestampEcho">The receiver's clock, as the sender saw it last.</param>
public readonly record struct TcpOptions(
    ushort MaximumSegmentSize = 0,
    int WindowShift = -1,
    bool SackPermitted = false,
    bool HasTimestamps = false,
    uint TimestampValue = 0,
    uint TimestampEcho = 0)
{
    /// <summary>Room that options can take.</summary>
    public const int SizeBytesMax = 40;

    private const int WindowShiftMax = 14;
    private const byte End = 0;
    private const byte NoOperation = 1;
    private const byte SegmentSizeKind = 2;
    private const byte WindowScaleKind = 3;
    private const byte SackPermittedKind = 4;
    private const byte TimestampsKind = 8;

    /// <summary>No option at all.</summary>
    public static TcpOptions None { get; } = new(0, -1, false, false, 0, 0);

    /// <summary>Bytes that <see cref="Write"/> writes: a multiple of four.</summary>
    public int SizeBytes =>
        (MaximumSegmentSize != 0 ? 4 : 0) + (WindowShift >= 0 ? 4 : 0)
        + (SackPermitted ? 4 : 0) + (HasTimestamps ? 12 : 0);

    /// <summary>
    /// Reads what is well-formed; from the first option on that is not, the rest is ignored
    /// (RFC 9293 "Other Common Options": a TCP must be prepared to handle an illegal option length without crashing).
    /// </summary>
    public static TcpOptions Read(ReadOnlySpan<byte> bytes)
    {
        var options = None;
        while (!bytes.IsEmpty && bytes[0] != End)
        {
            if (bytes[0] == NoOperation)
            {
                bytes = bytes[1..];
                continue;
            }

            if (bytes.Length < 2 || bytes[1] < 2 || bytes[1] > bytes.Length)
            {
                break;
            }

            options = options.With(bytes[0], bytes[2..bytes[1]]);
            bytes = bytes[bytes[1]..];
        }

        return options;
    }

    /// <summary>
    /// Writes <see cref="SizeBytes"/> bytes, for which there must be room; each option is aligned as RFC 7323
    /// recommends.
    /// </summary>
    public void Write(Span<byte> bytes)
    {
        int at = 0;
        if (MaximumSegmentSize != 0)
        {
            bytes[at] = SegmentSizeKind;
            bytes[at + 1] = 4;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(at + 2)..], MaximumSegmentSize);
            at += 4;
        }

        if (SackPermitted)
        {
            bytes[at] = NoOperation;
            bytes[at + 1] = NoOperation;
            bytes[at + 2] = SackPermittedKind;
            bytes[at + 3] = 2;
            at += 4;
        }

        if (HasTimestamps)
        {
            bytes[at] = NoOperation;
            bytes[at + 1] = NoOperation;
            bytes[at + 2] = TimestampsKind;
            bytes[at + 3] = 10;
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(at + 4)..], TimestampValue);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(at + 8)..], TimestampEcho);
            at += 12;
        }

        if (WindowShift >= 0)
        {
            bytes[at] = NoOperation;
            bytes[at + 1] = WindowScaleKind;
            bytes[at + 2] = 3;
            bytes[at + 3] = (byte)WindowShift;
        }
    }

    private TcpOptions With(byte kind, ReadOnlySpan<byte> data) => (kind, data.Length) switch
    {
        (SegmentSizeKind, 2) => this with { MaximumSegmentSize = BinaryPrimitives.ReadUInt16BigEndian(data) },

        // RFC 7323 "Window Scale Option": a larger shift is to be taken as 14.
        (WindowScaleKind, 1) => this with { WindowShift = Math.Min(data[0], (byte)WindowShiftMax) },
        (SackPermittedKind, 0) => this with { SackPermitted = true },
        (TimestampsKind, 8) => this with
        {
            HasTimestamps = true,
            TimestampValue = BinaryPrimitives.ReadUInt32BigEndian(data),
            TimestampEcho = BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
        },
        _ => this,
    };
}
