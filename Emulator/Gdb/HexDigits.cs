namespace RiscvXv6.Emulator.Gdb;

/// <summary>Hexadecimal as the protocol writes it.</summary>
internal static class HexDigits
{
    private static ReadOnlySpan<byte> Lower => "0123456789abcdef"u8;

    /// <summary>0 to 15, or -1 if it is no digit.</summary>
    public static int Value(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    /// <summary>The digit of a value from 0 to 15.</summary>
    public static byte Of(int value) => Lower[value & 15];
}
