namespace RiscvXv6.Devices.Registers;

/// <summary>The register that an access touches.</summary>
/// <typeparam name="TRegister">The device's own names for the rows of its table.</typeparam>
/// <param name="Id">The row.</param>
/// <param name="Spec">The row's facts.</param>
/// <param name="Group">Which repetition of the array: the context, queue or port.</param>
/// <param name="Element">Which element of the array.</param>
/// <param name="ByteOffset">Bytes from the start of the register: not zero if the access reaches only an upper part.</param>
/// <param name="Slot">Index of the register's value in a <see cref="RegisterFile{TRegister}"/>.</param>
public readonly record struct RegisterHit<TRegister>(
    TRegister Id,
    RegisterSpec Spec,
    int Group,
    int Element,
    int ByteOffset,
    int Slot)
    where TRegister : struct, Enum
{
    /// <summary>The bits of the register that an access of this size reaches.</summary>
    public ulong LaneMask(int sizeBytes) => (ulong.MaxValue >> (64 - 8 * sizeBytes)) << (8 * ByteOffset);

    /// <summary>What an access of this size sees of the register's value.</summary>
    public ulong Extract(ulong value, int sizeBytes) =>
        (value >> (8 * ByteOffset)) & (ulong.MaxValue >> (64 - 8 * sizeBytes));

    /// <summary>The value with the access's bytes replaced, before any write mask.</summary>
    public ulong Merge(ulong value, int sizeBytes, ulong written) =>
        (value & ~LaneMask(sizeBytes)) | ((written << (8 * ByteOffset)) & LaneMask(sizeBytes));
}
