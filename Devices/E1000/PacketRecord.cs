namespace RiscvXv6.Devices.E1000;

/// <summary>One packet's own account.</summary>
/// <param name="Direction">Which way.</param>
/// <param name="DescriptorIndex">The ring's entry that it ended in, or -1 if it had none.</param>
/// <param name="LengthBytes">The frame from destination address to data's end, without frame check sequence.</param>
/// <param name="FirstCycle">When its first stage began.</param>
/// <param name="LastCycle">When its last stage ended, but for the interrupt.</param>
/// <param name="Stages">Where its time went.</param>
/// <param name="Drop">Why it came to nothing, if it did.</param>
public readonly record struct PacketRecord(
    PacketDirection Direction,
    int DescriptorIndex,
    int LengthBytes,
    ulong FirstCycle,
    ulong LastCycle,
    StageCycles Stages,
    PacketDrop Drop);
