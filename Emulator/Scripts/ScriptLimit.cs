using System.Globalization;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>How long a step may take.</summary>
/// <param name="GuestNanoseconds">By the guest's clock; what decides.</param>
/// <param name="HostSeconds">By the host's: a safety net.</param>
internal readonly record struct ScriptLimit(ulong GuestNanoseconds, int HostSeconds)
{
    public static readonly ScriptLimit Usual = new(10_000_000_000, 60);

    /// <summary>A time as scripts write it: <c>10 s</c>, <c>1.5 ms</c>.</summary>
    public static string Describe(ulong nanoseconds)
    {
        var (unit, name) = nanoseconds switch
        {
            >= 1_000_000_000 => (1_000_000_000m, "s"),
            >= 1_000_000 => (1_000_000m, "ms"),
            >= 1000 => (1000m, "us"),
            _ => (1m, "ns"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(nanoseconds / unit, 3):0.###} {name}");
    }
}
