using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>A view of a question that is complete (RFC 1035 "Question section format").</summary>
public readonly ref struct DnsQuestion
{
    /// <summary>The class of everything on the Internet.</summary>
    public const ushort InternetClass = 1;

    /// <summary>Of a question that means every class.</summary>
    public const ushort AnyClass = 255;

    private const int TypeAndClassBytes = 4;

    private DnsQuestion(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>As it came.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Encoded, with the empty label at its end.</summary>
    public ReadOnlySpan<byte> Name => Bytes[..^TypeAndClassBytes];

    public DnsType Type => (DnsType)BinaryPrimitives.ReadUInt16BigEndian(Bytes[^TypeAndClassBytes..]);

    public ushort Class => BinaryPrimitives.ReadUInt16BigEndian(Bytes[^sizeof(ushort)..]);

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out DnsQuestion question)
    {
        question = default;
        int nameBytes = DnsName.Measure(bytes);
        if (nameBytes < 0 || bytes.Length < nameBytes + TypeAndClassBytes)
        {
            return false;
        }

        question = new DnsQuestion(bytes[..(nameBytes + TypeAndClassBytes)]);
        return true;
    }
}
