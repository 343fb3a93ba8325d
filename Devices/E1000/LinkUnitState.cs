namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of the link and of MDIC.</summary>
/// <param name="Phy">The PHY.</param>
/// <param name="WasUp">STATUS.LU.</param>
/// <param name="ManagementCycles">When the access in MDIC completes; all ones if there is none.</param>
public sealed record LinkUnitState(PhyState Phy, bool WasUp, ulong ManagementCycles);
