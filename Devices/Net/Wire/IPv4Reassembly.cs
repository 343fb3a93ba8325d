namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// One datagram on its way to being whole again (RFC 791 "An Example Reassembly Procedure"): a buffer, and a bit for
/// each eight bytes of it. Fragments may come in any order, twice, and overlapping; then the later one counts.
/// </summary>
public sealed class IPv4Reassembly
{
    private const int UnitBytes = 8;
    private const int UnitsPerWord = 64;
    private const int QuotedPayloadBytes = 8;

    private readonly byte[] _packet = new byte[ushort.MaxValue + 1];
    private readonly ulong[] _arrived = new ulong[(ushort.MaxValue + 1) / (UnitBytes * UnitsPerWord)];
    private readonly byte[] _quotation = new byte[60 + QuotedPayloadBytes];
    private int _arrivedUnits;
    private int _endBytes;
    private int _totalBytes;
    private int _quotationBytes;

    /// <summary>
    /// The first fragment's header and eight bytes, for an error message about it; empty if it has not come.
    /// </summary>
    public ReadOnlySpan<byte> Quotation => _quotation.AsSpan(0, _quotationBytes);

    /// <summary>Forgets all.</summary>
    public void Begin()
    {
        Array.Clear(_arrived);
        _arrivedUnits = 0;
        _endBytes = 0;
        _totalBytes = -1;
        _quotationBytes = 0;
    }

    /// <summary>
    /// Adds a fragment. False if it contradicts what came before, or says that the datagram is longer than one can be:
    /// then nothing good can come of any of it.
    /// </summary>
    public bool TryAdd(in IPv4Packet fragment)
    {
        var payload = fragment.Payload;
        int start = fragment.FragmentOffsetBytes;
        int end = start + payload.Length;
        if (payload.IsEmpty
            || end > IPv4Header.PayloadBytesMax
            || (fragment.MoreFragments && payload.Length % UnitBytes != 0))
        {
            return false;
        }

        if (!fragment.MoreFragments)
        {
            if ((_totalBytes >= 0 && _totalBytes != end) || _endBytes > end)
            {
                return false;
            }

            _totalBytes = end;
        }
        else if (_totalBytes >= 0 && end > _totalBytes)
        {
            return false;
        }

        _endBytes = Math.Max(_endBytes, end);
        payload.CopyTo(_packet.AsSpan(IPv4Header.SizeBytes + start));
        for (int unit = start / UnitBytes; unit < (end + UnitBytes - 1) / UnitBytes; unit++)
        {
            ulong bit = 1ul << unit % UnitsPerWord;
            _arrivedUnits += (_arrived[unit / UnitsPerWord] & bit) == 0 ? 1 : 0;
            _arrived[unit / UnitsPerWord] |= bit;
        }

        if (start == 0)
        {
            _quotationBytes = Math.Min(fragment.Bytes.Length, fragment.HeaderBytes + QuotedPayloadBytes);
            fragment.Bytes[.._quotationBytes].CopyTo(_quotation);
        }

        return true;
    }

    /// <summary>The whole datagram, with a header of its own, if every part has come.</summary>
    public bool TryComplete(in IPv4Packet fragment, out IPv4Packet whole)
    {
        whole = default;
        if (_totalBytes < 0 || _arrivedUnits != (_totalBytes + UnitBytes - 1) / UnitBytes)
        {
            return false;
        }

        var header = new IPv4Header(
            fragment.Source, fragment.Destination, fragment.Protocol, fragment.Identification,
            TimeToLive: fragment.TimeToLive);
        header.Write(_packet, _totalBytes);
        return IPv4Packet.TryRead(_packet, out whole);
    }
}
