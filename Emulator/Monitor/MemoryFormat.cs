namespace RiscvXv6.Emulator.Monitor;

/// <summary>What <c>/8xw</c> says: how many, how shown, how wide.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="Kind">One of x, d, u, o, c, s and i.</param>
/// <param name="SizeBytes">1, 2, 4 or 8; of no meaning for s and i.</param>
internal readonly record struct MemoryFormat(int Count, char Kind, int SizeBytes)
{
    /// <summary>More than anybody reads.</summary>
    public const int MostItems = 65536;

    private const int DefaultSizeBytes = 4;

    /// <summary>Reads the format in front of the rest, if there is one.</summary>
    /// <param name="text"><c>/8xw 0x80000000</c>, <c>0x80000000</c>.</param>
    /// <param name="format">What it says, the defaults filled in.</param>
    /// <param name="rest">What follows it.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryParse(string text, out MemoryFormat format, out string rest, out string problem)
    {
        format = new MemoryFormat(1, 'x', DefaultSizeBytes);
        rest = text.Trim();
        problem = "";
        if (!rest.StartsWith('/'))
        {
            return true;
        }

        int at = 1;
        ulong count = 0;
        int digits = 0;
        while (at < rest.Length && char.IsAsciiDigit(rest[at]))
        {
            count = Math.Min(count * 10 + (ulong)(rest[at] - '0'), MostItems + 1UL);
            at++;
            digits++;
        }

        if (digits > 0 && count is 0 or > MostItems)
        {
            problem = $"a count is 1 to {MostItems}";
            return false;
        }

        char kind = 'x';
        int size = 0;
        for (; at < rest.Length && !char.IsWhiteSpace(rest[at]); at++)
        {
            char letter = rest[at];
            switch (letter)
            {
                case 'b' or 'h' or 'w' or 'g':
                    size = letter switch { 'b' => 1, 'h' => 2, 'w' => 4, _ => 8 };
                    break;
                case 'x' or 'd' or 'u' or 'o' or 'c' or 's' or 'i':
                    kind = letter;
                    break;
                default:
                    problem = $"invalid char in format: '{letter}'";
                    return false;
            }
        }

        int usual = kind == 'c' ? 1 : DefaultSizeBytes;
        format = new MemoryFormat(digits > 0 ? (int)count : 1, kind, size == 0 ? usual : size);
        rest = rest[at..].Trim();
        return true;
    }

    /// <summary>A value of <paramref name="sizeBytes"/>, as wide as its column.</summary>
    public static string Show(char kind, int sizeBytes, ulong value)
    {
        int bits = 8 * sizeBytes;
        return kind switch
        {
            'd' => ((long)(value << (64 - bits)) >> (64 - bits)).ToString(Invariant).PadLeft(DecimalWidth(sizeBytes) + 1),
            'u' => value.ToString(Invariant).PadLeft(DecimalWidth(sizeBytes)),
            'o' => Octal(value).PadLeft((bits + 2) / 3),
            'c' => Character((byte)value),
            _ => $"0x{value.ToString($"x{2 * sizeBytes}", Invariant)}",
        };
    }

    /// <summary>A character between quotation marks.</summary>
    public static string Character(byte value) => $"'{Escape(value, '\'')}'";

    /// <summary>A character as C would write it within <paramref name="quote"/>.</summary>
    public static string Escape(byte value, char quote) => value switch
    {
        (byte)'\n' => "\\n",
        (byte)'\r' => "\\r",
        (byte)'\t' => "\\t",
        (byte)'\\' => "\\\\",
        _ when value == quote => $"\\{quote}",
        >= 0x20 and < 0x7f => ((char)value).ToString(),
        _ => $"\\x{value:x2}",
    };

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    /// <summary>As wide as the greatest value; a sign comes on top.</summary>
    private static int DecimalWidth(int sizeBytes) => sizeBytes switch { 1 => 3, 2 => 5, 4 => 10, _ => 20 };

    private static string Octal(ulong value)
    {
        string digits = "";
        do
        {
            digits = (char)('0' + (value & 7)) + digits;
            value >>= 3;
        }
        while (value != 0);
        return digits == "0" ? digits : "0" + digits;
    }
}
