namespace RiscvXv6.Devices.Pci;

/// <summary>What a function is, as its header tells.</summary>
/// <param name="VendorId">Who made it.</param>
/// <param name="DeviceId">What it is, as the vendor numbers it.</param>
/// <param name="ClassCode">24 bits: base class, subclass, programming interface; 0x020000 is an Ethernet controller.</param>
/// <param name="RevisionId">The vendor's revision.</param>
/// <param name="InterruptPin">0 for none, 1 to 4 for INTA to INTD.</param>
/// <param name="SubsystemVendorId">Who made the board; QEMU's default.</param>
/// <param name="SubsystemId">The board; QEMU's default.</param>
public sealed record PciIdentity(
    ushort VendorId,
    ushort DeviceId,
    uint ClassCode,
    byte RevisionId,
    byte InterruptPin,
    ushort SubsystemVendorId = 0x1af4,
    ushort SubsystemId = 0x1100);
