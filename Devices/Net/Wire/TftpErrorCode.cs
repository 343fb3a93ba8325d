namespace RiscvXv6.Devices.Net.Wire;

/// <summary>Why a TFTP transfer ended (RFC 1350 "Appendix").</summary>
public enum TftpErrorCode : ushort
{
    NotDefined = 0,
    FileNotFound = 1,
    AccessViolation = 2,
    IllegalOperation = 4,
    UnknownTransfer = 5,
    OptionRefused = 8,
}
