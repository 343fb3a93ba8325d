using System.Text;

namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>Names of a program's source, made fit to be printed.</summary>
internal static class DwarfText
{
    /// <summary>The text; what a terminal would take for a command is a question mark.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => Printable(Encoding.UTF8.GetString(bytes));

    public static string Printable(string text)
    {
        foreach (char character in text)
        {
            if (char.IsControl(character))
            {
                return string.Concat(text.Select(static each => char.IsControl(each) ? '?' : each));
            }
        }

        return text;
    }
}
