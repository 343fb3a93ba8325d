namespace RiscvXv6.Devices.E1000;

/// <summary>A packet whose status is in memory, and that no interrupt has told of.</summary>
/// <param name="Record">Its account.</param>
/// <param name="ReportedCycle">When the status was in memory.</param>
public readonly record struct AwaitingPacket(PacketRecord Record, ulong ReportedCycle);
