namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>Sequence numbers, which wrap (RFC 9293 "Sequence Numbers").</summary>
internal static class TcpSequence
{
    /// <summary>True if the first lies before the second; both within 2^31 of each other.</summary>
    public static bool IsBefore(uint first, uint second) => (int)(first - second) < 0;

    /// <summary>True if the first lies after the second.</summary>
    public static bool IsAfter(uint first, uint second) => (int)(first - second) > 0;

    /// <summary>The later of two.</summary>
    public static uint Later(uint first, uint second) => IsBefore(first, second) ? second : first;
}
