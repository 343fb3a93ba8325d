namespace RiscvXv6.Devices.E1000;

/// <summary>The account of a packet that is not through yet.</summary>
public record struct OpenAccount
{
    /// <summary>The packet's number.</summary>
    public ulong Number { get; set; }

    /// <summary>It has not left the wire.</summary>
    public bool IsOnWire { get; set; }

    /// <summary>Its status is not in memory, and is wanted there.</summary>
    public bool IsAwaitingStatus { get; set; }

    /// <summary>The ring's entry that it ended in.</summary>
    public int DescriptorIndex { get; set; }

    /// <summary>The frame's, without frame check sequence.</summary>
    public int LengthBytes { get; set; }

    /// <summary>When its first stage began.</summary>
    public ulong FirstCycle { get; set; }

    /// <summary>When the last one so far ended.</summary>
    public ulong LastCycle { get; set; }

    /// <summary>When its status was in memory; all ones if nobody wants it there.</summary>
    public ulong ReportedCycle { get; set; }

    /// <summary>Cycles in <see cref="PacketStage.Queue"/>.</summary>
    public ulong Queue { get; set; }

    /// <summary>Cycles in <see cref="PacketStage.DescriptorFetch"/>.</summary>
    public ulong DescriptorFetch { get; set; }

    /// <summary>Cycles in <see cref="PacketStage.PayloadDma"/>.</summary>
    public ulong PayloadDma { get; set; }

    /// <summary>Cycles in <see cref="PacketStage.Fifo"/>.</summary>
    public ulong Fifo { get; set; }

    /// <summary>Cycles in <see cref="PacketStage.Wire"/>.</summary>
    public ulong Wire { get; set; }

    /// <summary>Cycles in <see cref="PacketStage.WriteBack"/>.</summary>
    public ulong WriteBack { get; set; }

    /// <summary>Why it came to nothing.</summary>
    public PacketDrop Drop { get; set; }
}
