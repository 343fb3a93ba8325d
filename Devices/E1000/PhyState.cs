using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of the PHY.</summary>
/// <param name="Registers">All 32, as stored.</param>
/// <param name="IsCablePlugged">The far end is there.</param>
/// <param name="IsHeldInReset">CTRL.PHY_RST is set.</param>
/// <param name="IsLinkUp">It has a link.</param>
/// <param name="HasLostLink">The link was lost since the status register was last read.</param>
/// <param name="NegotiationCycles">When the link comes up; all ones if it won't.</param>
public sealed record PhyState(
    ValueArray<ushort> Registers,
    bool IsCablePlugged,
    bool IsHeldInReset,
    bool IsLinkUp,
    bool HasLostLink,
    ulong NegotiationCycles);
