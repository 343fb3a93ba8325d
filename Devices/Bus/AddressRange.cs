namespace RiscvXv6.Devices.Bus;

/// <summary>A half-open range of guest physical addresses, <c>[Base, Base + SizeBytes)</c>.</summary>
/// <param name="Base">First address of the range.</param>
/// <param name="SizeBytes">Length in bytes; the range never wraps past 2^64.</param>
public readonly record struct AddressRange(ulong Base, ulong SizeBytes)
{
    /// <summary>Last address that belongs to the range.</summary>
    public ulong Last => Base + (SizeBytes - 1);

    public bool Contains(ulong address) => address - Base < SizeBytes;

    /// <summary>True if <paramref name="length"/> bytes from <paramref name="address"/> all lie inside the range.</summary>
    public bool Contains(ulong address, ulong length) =>
        address - Base < SizeBytes && length <= SizeBytes - (address - Base);

    public bool Overlaps(AddressRange other) => Base <= other.Last && other.Base <= Last;

    public override string ToString() => $"0x{Base:x}-0x{Last:x}";
}
