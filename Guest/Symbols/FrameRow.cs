namespace RiscvXv6.Guest.Symbols;

/// <summary>
/// How to leave a function from one of its instructions: where its frame is, and where in it the caller's registers are kept.
/// </summary>
public sealed class FrameRow
{
    private readonly long?[] _saved;

    internal FrameRow(int baseRegister, long baseOffset, int returnAddressRegister, long?[] saved)
    {
        BaseRegister = baseRegister;
        BaseOffset = baseOffset;
        ReturnAddressRegister = returnAddressRegister;
        _saved = saved;
    }

    /// <summary>
    /// The canonical frame address, which is the caller's stack pointer, is this register's value and <see cref="BaseOffset"/>.
    /// </summary>
    public int BaseRegister { get; }

    /// <summary>In bytes.</summary>
    public long BaseOffset { get; }

    /// <summary>The register that has, or had, the address to return to: 1 (ra) but in special code.</summary>
    public int ReturnAddressRegister { get; }

    /// <summary>Where a register of the caller is kept, in bytes from the canonical frame address; null if it is where it was.</summary>
    /// <param name="register">0 to 31.</param>
    public long? SavedAt(int register) => register is >= 0 and < FrameTable.RegisterCount ? _saved[register] : null;
}
