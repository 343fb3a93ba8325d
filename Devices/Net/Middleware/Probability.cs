using System.Globalization;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>How many of a million frames something happens to.</summary>
/// <param name="PartsPerMillion">0 for none to 1,000,000 for all.</param>
public readonly record struct Probability(uint PartsPerMillion)
{
    public const uint Million = 1_000_000;

    /// <summary>Reads <c>10%</c>, <c>0.1</c> or <c>250ppm</c>; finer than a millionth is refused.</summary>
    public static bool TryParse(string text, out Probability probability)
    {
        probability = default;
        decimal scale = Million;
        if (text.EndsWith('%'))
        {
            (text, scale) = (text[..^1], Million / 100);
        }
        else if (text.EndsWith("ppm", StringComparison.Ordinal))
        {
            (text, scale) = (text[..^3], 1);
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            || value > Million)
        {
            return false;
        }

        decimal parts = value * scale;
        if (parts > Million || parts != decimal.Truncate(parts))
        {
            return false;
        }

        probability = new Probability((uint)parts);
        return true;
    }

    public override string ToString() => (PartsPerMillion / 10_000m).ToString("0.####", CultureInfo.InvariantCulture) + "%";
}
