namespace RiscvXv6.Devices.E1000;

/// <summary>What a transmit descriptor's DEXT and DTYP make of it.</summary>
public enum TransmitDescriptorKind
{
    /// <summary>SDM "Legacy Transmit Descriptor Format".</summary>
    Legacy,

    /// <summary>SDM "TCP/IP Context Descriptor Layout".</summary>
    Context,

    /// <summary>SDM "TCP/IP Data Descriptor Format".</summary>
    Data,

    /// <summary>A type that the manual does not define.</summary>
    Reserved,
}
