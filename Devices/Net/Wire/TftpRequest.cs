using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// A view of a request to read or write a file (RFC 1350 "TFTP Packets"), with the options behind it (RFC 2347 "Packet
/// Formats").
/// </summary>
public readonly ref struct TftpRequest
{
    public const ushort Port = 69;

    private readonly ReadOnlySpan<byte> _options;

    private TftpRequest(ReadOnlySpan<byte> name, ReadOnlySpan<byte> mode, ReadOnlySpan<byte> options)
    {
        Name = name;
        Mode = mode;
        _options = options;
    }

    /// <summary>As the client gave it.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>As the client gave it: the case does not matter.</summary>
    public ReadOnlySpan<byte> Mode { get; }

    public bool IsOctet => Ascii.EqualsIgnoreCase(Mode, "octet"u8);

    /// <summary>Reads the operation of any packet; false if there is none.</summary>
    public static bool TryReadOperation(ReadOnlySpan<byte> bytes, out TftpOperation operation)
    {
        operation = default;
        return bytes.Length >= sizeof(ushort)
            && (operation = (TftpOperation)BinaryPrimitives.ReadUInt16BigEndian(bytes)) != default;
    }

    /// <summary>Reads a packet whose operation is a request. False if name or mode is empty or cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TftpRequest request)
    {
        request = default;
        if (bytes.Length < sizeof(ushort))
        {
            return false;
        }

        var rest = bytes[sizeof(ushort)..];
        if (!TryReadText(ref rest, out var name) || name.IsEmpty
            || !TryReadText(ref rest, out var mode) || mode.IsEmpty)
        {
            return false;
        }

        request = new TftpRequest(name, mode, rest);
        return true;
    }

    /// <summary>Finds an option that is a decimal number; what is cut off or no number is not there.</summary>
    public bool TryFind(ReadOnlySpan<byte> option, out long value)
    {
        var rest = _options;
        while (TryReadText(ref rest, out var name) && TryReadText(ref rest, out var text))
        {
            if (Ascii.EqualsIgnoreCase(name, option))
            {
                return Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length && value >= 0;
            }
        }

        value = 0;
        return false;
    }

    private static bool TryReadText(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        int end = rest.IndexOf((byte)0);
        text = end < 0 ? default : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return end >= 0;
    }
}
