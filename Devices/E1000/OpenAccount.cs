namespace RiscvXv6.Devices.E1000;

/// <summary>The account of a packet that is not through yet.</summary>
/// <param name="Number">The packet's.</param>
/// <param name="Record">What is known.</param>
/// <param name="ReportedCycle">When its status was in memory; all ones if nobody wants it there.</param>
/// <param name="IsOnWire">It has not left the wire.</param>
/// <param name="IsAwaitingStatus">Its status is not in memory, and is wanted there.</param>
public record struct OpenAccount(
    ulong Number, PacketRecord Record, ulong ReportedCycle, bool IsOnWire, bool IsAwaitingStatus);
