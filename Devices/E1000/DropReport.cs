namespace RiscvXv6.Devices.E1000;

/// <summary>Packets that came to nothing.</summary>
/// <param name="Reason">The name of a <see cref="PacketDrop"/>.</param>
/// <param name="Packets">How many.</param>
public sealed record DropReport(string Reason, ulong Packets);
