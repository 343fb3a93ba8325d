namespace RiscvXv6.Devices.Registers;

/// <summary>What a load and a store do to the bits of a register that its write mask names.</summary>
public enum RegisterAccess
{
    /// <summary>RO: a store changes nothing.</summary>
    ReadOnly,

    /// <summary>WO: a load finds no register here.</summary>
    WriteOnly,

    /// <summary>RW: a load returns what was stored.</summary>
    ReadWrite,

    /// <summary>RC: a load returns the value and clears it; a store changes nothing.</summary>
    ReadClear,

    /// <summary>W1C: a store clears the bits that it has as ones.</summary>
    Write1Clear,

    /// <summary>RC/W1C: a load clears the value, and a store clears the bits that it has as ones.</summary>
    ReadClearWrite1Clear,

    /// <summary>W1S: a store sets the bits that it has as ones.</summary>
    Write1Set,
}
