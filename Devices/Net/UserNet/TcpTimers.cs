using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>The deadlines of a connection, in cycles. One scheduled event stands for all of them.</summary>
internal struct TcpTimers
{
    /// <summary>Nothing is waited for.</summary>
    public static readonly TcpTimers Stopped = new()
    {
        Retransmit = EventScheduler.Never,
        LossProbe = EventScheduler.Never,
        Persist = EventScheduler.Never,
        DelayedAcknowledgement = EventScheduler.Never,
        TimeWait = EventScheduler.Never,
    };

    /// <summary>What is under way ought to have been acknowledged.</summary>
    public ulong Retransmit { get; set; }

    /// <summary>Several segments are under way, and the guest has been silent for longer than it should.</summary>
    public ulong LossProbe { get; set; }

    /// <summary>The guest's window, which was closed, is to be asked about.</summary>
    public ulong Persist { get; set; }

    /// <summary>An acknowledgement that waited for company goes alone.</summary>
    public ulong DelayedAcknowledgement { get; set; }

    /// <summary>No segment of the connection can be on its way any more.</summary>
    public ulong TimeWait { get; set; }

    public readonly ulong Earliest =>
        Math.Min(Math.Min(Math.Min(Retransmit, LossProbe), Persist), Math.Min(DelayedAcknowledgement, TimeWait));
}
