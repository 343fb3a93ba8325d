namespace RiscvXv6.Devices.E1000;

/// <summary>One packet's account, with names for JSON.</summary>
/// <param name="Direction">The name of a <see cref="PacketDirection"/>.</param>
/// <param name="Descriptor">The ring's entry that it ended in, or -1.</param>
/// <param name="Bytes">The frame's, without frame check sequence.</param>
/// <param name="FirstCycle">When its first stage began.</param>
/// <param name="LastCycle">When its last stage ended, but for the interrupt.</param>
/// <param name="Queue">Cycles in <see cref="PacketStage.Queue"/>.</param>
/// <param name="DescriptorFetch">Cycles in <see cref="PacketStage.DescriptorFetch"/>.</param>
/// <param name="PayloadDma">Cycles in <see cref="PacketStage.PayloadDma"/>.</param>
/// <param name="Fifo">Cycles in <see cref="PacketStage.Fifo"/>.</param>
/// <param name="Wire">Cycles in <see cref="PacketStage.Wire"/>.</param>
/// <param name="WriteBack">Cycles in <see cref="PacketStage.WriteBack"/>.</param>
/// <param name="InterruptDelay">Cycles in <see cref="PacketStage.InterruptDelay"/>.</param>
/// <param name="Drop">The name of a <see cref="PacketDrop"/>; None of one that was not dropped.</param>
public sealed record PacketReport(
    string Direction,
    int Descriptor,
    int Bytes,
    ulong FirstCycle,
    ulong LastCycle,
    ulong Queue,
    ulong DescriptorFetch,
    ulong PayloadDma,
    ulong Fifo,
    ulong Wire,
    ulong WriteBack,
    ulong InterruptDelay,
    string Drop)
{
    internal static PacketReport Of(PacketRecord record) => new(
        record.Direction.ToString(),
        record.DescriptorIndex,
        record.LengthBytes,
        record.FirstCycle,
        record.LastCycle,
        record.Stages.Queue,
        record.Stages.DescriptorFetch,
        record.Stages.PayloadDma,
        record.Stages.Fifo,
        record.Stages.Wire,
        record.Stages.WriteBack,
        record.Stages.InterruptDelay,
        record.Drop.ToString());
}
