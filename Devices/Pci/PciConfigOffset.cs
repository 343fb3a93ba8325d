namespace RiscvXv6.Devices.Pci;

/// <summary>Offsets in a type 0 configuration header (PCI "Configuration Space Organization"), in bytes.</summary>
public static class PciConfigOffset
{
    public const int VendorId = 0x00;
    public const int DeviceId = 0x02;
    public const int Command = 0x04;
    public const int Status = 0x06;
    public const int RevisionId = 0x08;
    public const int ClassCode = 0x09;
    public const int Bar0 = 0x10;
    public const int SubsystemVendorId = 0x2c;
    public const int SubsystemId = 0x2e;
    public const int CapabilitiesPointer = 0x34;
    public const int InterruptPin = 0x3d;

    /// <summary>First byte behind the header, where capabilities go.</summary>
    public const int HeaderEnd = 0x40;
}
