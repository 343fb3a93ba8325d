namespace RiscvXv6.Devices.Net.Wire;

/// <summary>Kinds of records, and of questions for them (RFC 1035 "TYPE values", "QTYPE values").</summary>
public enum DnsType : ushort
{
    Address = 1,
    Pointer = 12,
    AddressV6 = 28,

    /// <summary>OPT: no record at all, but what the sender can do (RFC 6891 "OPT Record Definition").</summary>
    Extensions = 41,
    Any = 255,
}
