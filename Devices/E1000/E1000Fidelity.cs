namespace RiscvXv6.Devices.E1000;

/// <summary>How the card treats what drivers do that the silicon would not forgive.</summary>
public enum E1000Fidelity
{
    /// <summary>
    /// Every edition of xv6 runs: a frame sent without IFCS gets its check sequence, the EEPROM's image sets CTRL.SLU,
    /// and the PHY had its link before the machine was switched on.
    /// </summary>
    Lenient,

    /// <summary>As <see cref="Lenient"/>, and it says what the driver did wrong.</summary>
    Lab,

    /// <summary>As the manual describes the chip.</summary>
    Hardware,
}
