namespace RiscvXv6.Devices.E1000;

/// <summary>What a transfer is for: totals are kept for each.</summary>
public enum DmaPurpose
{
    TransmitDescriptorFetch,
    TransmitPayload,
    TransmitWriteBack,
    ReceiveDescriptorFetch,
    ReceivePayload,
    ReceiveWriteBack,
}
