namespace RiscvXv6.Tests.Differential;

/// <summary>What a generated program is mostly about; a failure's profile says where to look.</summary>
public enum Profile
{
    Integer,
    Memory,
    Float,
    Csr,
    Paging,
    Pmp,
    Privilege,
}
