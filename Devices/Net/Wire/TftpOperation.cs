namespace RiscvXv6.Devices.Net.Wire;

/// <summary>Kinds of TFTP packets (RFC 1350 "TFTP Packets", RFC 2347 "Packet Formats").</summary>
public enum TftpOperation : ushort
{
    ReadRequest = 1,
    WriteRequest = 2,
    Data = 3,
    Acknowledgement = 4,
    Error = 5,
    OptionAcknowledgement = 6,
}
