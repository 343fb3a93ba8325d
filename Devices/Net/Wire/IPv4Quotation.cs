namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// A view of the packet that an ICMP error is about: its header and at least eight bytes of its payload (RFC 792
/// "Destination Unreachable Message").
/// </summary>
public readonly ref struct IPv4Quotation
{
    private const int PayloadBytesMin = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private IPv4Quotation(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public IpProtocol Protocol => (IpProtocol)_bytes[9];

    public IPv4Address Source => IPv4Address.Read(_bytes[12..]);

    public IPv4Address Destination => IPv4Address.Read(_bytes[16..]);

    /// <summary>The payload's first bytes.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[((_bytes[0] & 0xf) * 4)..];

    /// <summary>Reads an ICMP error's payload. False if it is too short or no IPv4 packet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IPv4Quotation quotation)
    {
        quotation = new IPv4Quotation(bytes);
        return bytes.Length >= IPv4Header.SizeBytes + PayloadBytesMin
            && bytes[0] >> 4 == 4
            && (bytes[0] & 0xf) * 4 is >= IPv4Header.SizeBytes and var headerBytes
            && bytes.Length >= headerBytes + PayloadBytesMin;
    }
}
