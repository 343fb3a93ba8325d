namespace RiscvXv6.Devices.E1000;

/// <summary>What happened to the packets of one direction since power-on.</summary>
/// <param name="Packets">Those that were not dropped.</param>
/// <param name="Bytes">Their frames' bytes, without frame check sequences.</param>
/// <param name="Drops">Those that were.</param>
/// <param name="Stages">Where the time of those that were not dropped went.</param>
/// <param name="FirstCycle">When the first of them began.</param>
/// <param name="LastCycle">When the last of them ended.</param>
public readonly record struct PacketTotals(
    ulong Packets, ulong Bytes, ulong Drops, StageCycles Stages, ulong FirstCycle, ulong LastCycle);
