namespace RiscvXv6.Devices.Net;

/// <summary>Which way a frame goes on a card's cable.</summary>
public enum FrameDirection
{
    ToNetwork,
    ToCard,
}
