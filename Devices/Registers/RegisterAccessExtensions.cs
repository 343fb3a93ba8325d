namespace RiscvXv6.Devices.Registers;

/// <summary>Facts that follow from a <see cref="RegisterAccess"/> alone.</summary>
public static class RegisterAccessExtensions
{
    public static bool IsReadable(this RegisterAccess access) => access != RegisterAccess.WriteOnly;

    public static bool IsWritable(this RegisterAccess access) =>
        access is not (RegisterAccess.ReadOnly or RegisterAccess.ReadClear);

    public static bool ClearsOnRead(this RegisterAccess access) =>
        access is RegisterAccess.ReadClear or RegisterAccess.ReadClearWrite1Clear;

    /// <summary>The abbreviation that manuals use: <c>RO</c>, <c>RW</c>, <c>W1C</c>.</summary>
    public static string Abbreviation(this RegisterAccess access) => access switch
    {
        RegisterAccess.ReadOnly => "RO",
        RegisterAccess.WriteOnly => "WO",
        RegisterAccess.ReadWrite => "RW",
        RegisterAccess.ReadClear => "RC",
        RegisterAccess.Write1Clear => "W1C",
        RegisterAccess.ReadClearWrite1Clear => "RC/W1C",
        _ => "W1S",
    };

    /// <summary>The value of a register after a store.</summary>
    /// <param name="access">The register's access.</param>
    /// <param name="old">Its value before.</param>
    /// <param name="written">The store's value, in the register's own bit positions.</param>
    /// <param name="mask">The bits that the store reaches and the register lets change.</param>
    public static ulong AfterWrite(this RegisterAccess access, ulong old, ulong written, ulong mask) => access switch
    {
        RegisterAccess.ReadWrite or RegisterAccess.WriteOnly => (old & ~mask) | (written & mask),
        RegisterAccess.Write1Clear or RegisterAccess.ReadClearWrite1Clear => old & ~(written & mask),
        RegisterAccess.Write1Set => old | (written & mask),
        _ => old,
    };
}
