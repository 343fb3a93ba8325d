namespace RiscvXv6.Devices.Memory;

/// <summary>Guest memory as a bus-mastering device sees it: every access is checked, and a bad address is a value.</summary>
public interface IDmaMemory
{
    /// <summary>Copies guest memory out. False if any byte of the range is not RAM; then nothing was copied.</summary>
    bool TryRead(ulong address, Span<byte> destination);

    /// <summary>Copies into guest memory. False if any byte of the range is not RAM; then nothing was written.</summary>
    bool TryWrite(ulong address, ReadOnlySpan<byte> source);
}
