namespace RiscvXv6.Devices.E1000;

/// <summary>Cycles in each <see cref="PacketStage"/>, of one packet or of many.</summary>
public readonly record struct StageCycles(
    ulong Queue,
    ulong DescriptorFetch,
    ulong PayloadDma,
    ulong Fifo,
    ulong Wire,
    ulong WriteBack,
    ulong InterruptDelay)
{
    public static StageCycles operator +(in StageCycles a, in StageCycles b) => new(
        a.Queue + b.Queue,
        a.DescriptorFetch + b.DescriptorFetch,
        a.PayloadDma + b.PayloadDma,
        a.Fifo + b.Fifo,
        a.Wire + b.Wire,
        a.WriteBack + b.WriteBack,
        a.InterruptDelay + b.InterruptDelay);

    /// <summary>The cycles of one stage.</summary>
    public ulong this[PacketStage stage] => stage switch
    {
        PacketStage.Queue => Queue,
        PacketStage.DescriptorFetch => DescriptorFetch,
        PacketStage.PayloadDma => PayloadDma,
        PacketStage.Fifo => Fifo,
        PacketStage.Wire => Wire,
        PacketStage.WriteBack => WriteBack,
        _ => InterruptDelay,
    };

    /// <summary>
    /// The sum over all stages: what shares are shares of. As stages overlap, it is no packet's latency.
    /// </summary>
    public ulong Total => Queue + DescriptorFetch + PayloadDma + Fifo + Wire + WriteBack + InterruptDelay;

    public static StageCycles Add(in StageCycles left, in StageCycles right) => left + right;
}
