namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>What a forwarded port speaks.</summary>
public enum HostProtocol
{
    Tcp,
    Udp,
}
