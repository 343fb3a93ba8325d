namespace RiscvXv6.Devices.E1000;

/// <summary>Where sent frames turn round instead of leaving.</summary>
public enum LoopbackKind
{
    None,

    /// <summary>In the MAC: RCTL.LBM.</summary>
    Mac,

    /// <summary>In the PHY: bit 14 of its control register.</summary>
    Phy,
}
