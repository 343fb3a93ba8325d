namespace RiscvXv6.Devices.Pci;

/// <summary>The rows of <see cref="PciConfigRegisters.Table"/>, in their order.</summary>
public enum PciConfigRegister
{
    VendorId,
    DeviceId,
    Command,
    Status,
    RevisionId,
    ProgrammingInterface,
    Class,
    CacheLineSize,
    LatencyTimer,
    HeaderType,
    Bist,
    BaseAddress,
    CardbusCis,
    SubsystemVendorId,
    SubsystemId,
    ExpansionRom,
    CapabilitiesPointer,
    InterruptLine,
    InterruptPin,
    MinGrant,
    MaxLatency,
}
