namespace RiscvXv6.Devices.E1000;

/// <summary>A PAUSE frame to be sent.</summary>
/// <param name="Slots">The pause asked for, in slots of 512 bit times; 0 ends one.</param>
/// <param name="IsSoftware">TCTL.SWXOFF asked for it.</param>
public readonly record struct PendingPause(ushort Slots, bool IsSoftware);
