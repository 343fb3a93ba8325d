namespace RiscvXv6.Devices.Virtio;

/// <summary>The last byte of a request, which the device writes.</summary>
public enum VirtioBlkStatus : byte
{
    Ok = 0,
    IoErr = 1,
    Unsupp = 2,
}
