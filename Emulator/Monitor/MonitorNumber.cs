using System.Globalization;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Numbers as people type them at the monitor.</summary>
internal static class MonitorNumber
{
    /// <summary>Reads an unsigned number of up to 64 bits: decimal, or hexadecimal after 0x.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
