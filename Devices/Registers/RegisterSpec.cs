using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Devices.Registers;

/// <summary>One row of a device's register table: what the manual says of a register, as data.</summary>
/// <param name="Name">The manual's name; element and group indices are added by <see cref="RegisterTable.NameOf"/>.</param>
/// <param name="Offset">Bytes from the start of the device, of the first element of the first group.</param>
/// <param name="WidthBytes">1, 2, 4 or 8.</param>
/// <param name="Access">What loads and stores do.</param>
/// <param name="Reset">The value after reset.</param>
/// <param name="WriteMask">The bits that a store can change. The others keep their value.</param>
/// <param name="Section">Where the outside document describes it: short name and section title.</param>
/// <param name="Summary">One line for the docs page.</param>
public sealed record RegisterSpec(
    string Name,
    ulong Offset,
    int WidthBytes,
    RegisterAccess Access,
    ulong Reset,
    ulong WriteMask,
    string Section,
    string Summary)
{
    /// <summary>A register that every bank holds.</summary>
    public const int AnyBank = -1;

    /// <summary>Elements of an array of registers; 1 for a single one.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Bytes from one element to the next. Zero means that they touch.</summary>
    public ulong StrideBytes { get; init; }

    /// <summary>How often the whole array repeats: once per context, queue or port.</summary>
    public int GroupCount { get; init; } = 1;

    /// <summary>Bytes from one group to the next; zero if there is one group.</summary>
    public ulong GroupStrideBytes { get; init; }

    /// <summary>Registers of different banks share offsets; the device says which bank is in view.</summary>
    public int Bank { get; init; } = AnyBank;

    /// <summary>Access widths that it answers to, of those that the device answers to. None means its own width only.</summary>
    public AccessWidths Widths { get; init; }

    /// <summary>The value is computed, or an access acts: it is not simply stored, and the generic rules don't apply.</summary>
    public bool IsLive { get; init; }

    /// <summary>Bytes from one element to the next, the default resolved.</summary>
    public ulong ElementStrideBytes => StrideBytes == 0 ? (ulong)WidthBytes : StrideBytes;

    /// <summary>Registers that the row stands for.</summary>
    public int TotalCount => Count * GroupCount;

    /// <summary>Offset of the first byte behind the last element of the last group.</summary>
    public ulong EndOffset =>
        OffsetOf(GroupCount - 1, Count - 1) + (ulong)WidthBytes;

    /// <summary>Ones in the bits that the register has.</summary>
    public ulong WidthMask => ulong.MaxValue >> (64 - 8 * WidthBytes);

    public ulong OffsetOf(int group, int element) =>
        Offset + (ulong)group * GroupStrideBytes + (ulong)element * ElementStrideBytes;

    public bool Accepts(int sizeBytes) =>
        Widths == 0 ? sizeBytes == WidthBytes : ((int)Widths & sizeBytes) != 0;
}
