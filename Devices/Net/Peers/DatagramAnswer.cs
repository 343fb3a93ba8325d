namespace RiscvXv6.Devices.Net.Peers;

/// <summary>Datagrams to send for one that came.</summary>
/// <param name="Count">How many; 0 for no answer.</param>
/// <param name="SizeBytes">Of each.</param>
/// <param name="IntervalNanoseconds">From one to the next.</param>
/// <param name="Port">The port of the asker's host that they go to; 0 for the one that it asked from.</param>
public readonly record struct DatagramAnswer(int Count, int SizeBytes, ulong IntervalNanoseconds = 0, ushort Port = 0)
{
    /// <summary>What fits into a datagram over IPv4 (RFC 768 with RFC 791 "Total Length").</summary>
    public const int MaxSizeBytes = 65507;

    public static DatagramAnswer None => default;
}
