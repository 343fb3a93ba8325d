namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// Finds packets in what a client sends, byte by byte: <c>$content#checksum</c>, with acknowledgements and interrupts between
/// them. Anything else is skipped, so that a client which lost its place is understood again from its next <c>$</c> on.
/// GDB "Overview".
/// </summary>
internal sealed class PacketReader
{
    /// <summary>The longest content that is taken, without its escapes.</summary>
    public const int MaxContentBytes = 0x1_0000;

    private const byte Escape = (byte)'}';
    private const byte EscapeFlip = 0x20;
    private const byte InterruptByte = 3;

    private readonly byte[] _content = new byte[MaxContentBytes];
    private Place _place;
    private int _length;
    private byte _sum;
    private int _sentSum;
    private bool _isMalformed;

    private enum Place
    {
        Between,
        Content,
        AfterEscape,
        FirstDigit,
        SecondDigit,
    }

    /// <summary>After <see cref="WireEvent.Packet"/>, and until the next byte: what the packet says, its escapes resolved.</summary>
    public ReadOnlySpan<byte> Content => _content.AsSpan(0, _length);

    /// <summary>Checksums may be wrong: client and server agreed that nothing gets lost between them.</summary>
    public bool IgnoresChecksums { get; set; }

    public WireEvent Take(byte value)
    {
        switch (_place)
        {
            case Place.Between:
                return TakeBetween(value);
            case Place.Content or Place.AfterEscape when value == '$':
                // The rest of the one before never came.
                return Begin();
            case Place.Content or Place.AfterEscape when value == '#':
                _isMalformed |= _place == Place.AfterEscape;
                _place = Place.FirstDigit;
                return WireEvent.None;
            case Place.Content:
                _sum += value;
                if (value == Escape)
                {
                    _place = Place.AfterEscape;
                    return WireEvent.None;
                }

                Append(value);
                return WireEvent.None;
            case Place.AfterEscape:
                _sum += value;
                Append((byte)(value ^ EscapeFlip));
                _place = Place.Content;
                return WireEvent.None;
            case Place.FirstDigit:
                _sentSum = HexDigits.Value(value) << 4;
                _place = Place.SecondDigit;
                return WireEvent.None;
            default:
                _place = Place.Between;
                return End(HexDigits.Value(value));
        }
    }

    private WireEvent TakeBetween(byte value) => value switch
    {
        (byte)'$' => Begin(),
        (byte)'-' => WireEvent.Resend,
        InterruptByte => WireEvent.Interrupt,
        _ => WireEvent.None,
    };

    private WireEvent Begin()
    {
        _place = Place.Content;
        _length = 0;
        _sum = 0;
        _isMalformed = false;
        return WireEvent.None;
    }

    /// <summary>A digit that is none has the value -1, which makes the whole sum negative: no packet has that one.</summary>
    private WireEvent End(int lastDigit)
    {
        if (!IgnoresChecksums && (_sentSum | lastDigit) != _sum)
        {
            return WireEvent.Damaged;
        }

        return _isMalformed ? WireEvent.Malformed : WireEvent.Packet;
    }

    private void Append(byte value)
    {
        if (_length == _content.Length)
        {
            _isMalformed = true;
            return;
        }

        _content[_length++] = value;
    }
}
