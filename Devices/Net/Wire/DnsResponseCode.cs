namespace RiscvXv6.Devices.Net.Wire;

/// <summary>How a query ended (RFC 1035 "Header section format").</summary>
public enum DnsResponseCode : byte
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}
