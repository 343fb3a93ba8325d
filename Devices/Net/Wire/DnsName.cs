using System.Text;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// Names as DNS writes them: labels with their lengths before them, and an empty one at the end (RFC 1035 "Domain name
/// representation and compression").
/// </summary>
public static class DnsName
{
    /// <summary>With all lengths (RFC 1035 "Size limits").</summary>
    public const int SizeBytesMax = 255;

    private const int LabelBytesMax = 63;

    /// <summary>
    /// Encodes <c>host.example</c>, with or without a dot at the end. False if a label is empty or too long, or not
    /// ASCII.
    /// </summary>
    public static bool TryEncode(string name, out byte[] encoded)
    {
        encoded = [];
        string text = name.EndsWith('.') ? name[..^1] : name;
        if (text.Length is 0 or > SizeBytesMax - 2)
        {
            return false;
        }

        var bytes = new List<byte>(text.Length + 2);
        foreach (string label in text.Split('.'))
        {
            if (label.Length is 0 or > LabelBytesMax || !label.All(static c => c is > ' ' and < '\x7f'))
            {
                return false;
            }

            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.Add(0);
        encoded = [.. bytes];
        return true;
    }

    /// <summary>
    /// The length of the name that bytes begin with; -1 if it is cut off, too long, or refers to another one.
    /// </summary>
    public static int Measure(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && at < SizeBytesMax && bytes[at] <= LabelBytesMax)
        {
            if (bytes[at] == 0)
            {
                return at + 1;
            }

            at += 1 + bytes[at];
        }

        return -1;
    }

    /// <summary>
    /// Whether two encoded names are the same, whatever the case (RFC 1035 "Character Case"). Lengths of labels are
    /// below any letter.
    /// </summary>
    public static bool AreEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Ascii.EqualsIgnoreCase(a, b);
}
