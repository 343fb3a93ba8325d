namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>Which frames a capture takes.</summary>
[Flags]
public enum CaptureDirections
{
    None = 0,

    /// <summary>What the card sends: <c>queue=rx</c> of QEMU's filters, which speak of the network's queues.</summary>
    ToNetwork = 1 << FrameDirection.ToNetwork,

    /// <summary>What the card gets: <c>queue=tx</c>.</summary>
    ToCard = 1 << FrameDirection.ToCard,

    Both = ToNetwork | ToCard,
}
