namespace RiscvXv6.Emulator.Gdb;

/// <summary>What is left to read of a packet. No method fails but by saying so; what it could not read stays.</summary>
internal ref struct PacketText(ReadOnlySpan<byte> text)
{
    /// <summary>As many as the longest number, of 64 bits, has.</summary>
    private const int MaxDigits = 16;

    public ReadOnlySpan<byte> Rest { get; private set; } = text;

    public readonly bool IsAtEnd => Rest.IsEmpty;

    public bool TryTake(char expected)
    {
        if (Rest.IsEmpty || Rest[0] != expected)
        {
            return false;
        }

        Rest = Rest[1..];
        return true;
    }

    public bool TryTake(ReadOnlySpan<byte> expected)
    {
        if (!Rest.StartsWith(expected))
        {
            return false;
        }

        Rest = Rest[expected.Length..];
        return true;
    }

    /// <summary>Takes the next byte, whatever it is; 0 at the end.</summary>
    public byte TakeByte()
    {
        if (Rest.IsEmpty)
        {
            return 0;
        }

        byte value = Rest[0];
        Rest = Rest[1..];
        return value;
    }

    /// <summary>Takes the bytes up to a separator, which goes too, or up to the end.</summary>
    public ReadOnlySpan<byte> TakeUntil(byte separator)
    {
        int length = Rest.IndexOf(separator);
        var taken = length < 0 ? Rest : Rest[..length];
        Rest = length < 0 ? [] : Rest[(length + 1)..];
        return taken;
    }

    /// <summary>A number in hexadecimal, of 1 to 16 digits.</summary>
    public bool TryTakeNumber(out ulong value)
    {
        int length = 0;
        ulong sum = 0;
        for (int digit; length < Rest.Length && (digit = HexDigits.Value(Rest[length])) >= 0; length++)
        {
            sum = sum << 4 | (uint)digit;
        }

        bool isNumber = length is > 0 and <= MaxDigits;
        value = isNumber ? sum : 0;
        Rest = isNumber ? Rest[length..] : Rest;
        return isNumber;
    }

    /// <summary>Two numbers with a comma between them.</summary>
    public bool TryTakePair(out ulong first, out ulong second)
    {
        second = 0;
        return TryTakeNumber(out first) && TryTake(',') && TryTakeNumber(out second);
    }

    /// <summary>Bytes of two digits each, as many as there is room for.</summary>
    public bool TryTakeBytes(scoped Span<byte> bytes)
    {
        if (Rest.Length < 2 * bytes.Length)
        {
            return false;
        }

        for (int index = 0; index < bytes.Length; index++)
        {
            int value = HexDigits.Value(Rest[2 * index]) << 4 | HexDigits.Value(Rest[2 * index + 1]);
            if (value < 0)
            {
                return false;
            }

            bytes[index] = (byte)value;
        }

        Rest = Rest[(2 * bytes.Length)..];
        return true;
    }
}
