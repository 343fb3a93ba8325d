namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>How many page tables somebody is ready to look at: one that leads back to itself would take for ever.</summary>
internal sealed class TableBudget(long tables)
{
    private long _left = tables;

    /// <summary>There was one more table than were allowed.</summary>
    public bool IsExceeded { get; private set; }

    /// <summary>Allows one more table, or not.</summary>
    public bool Take()
    {
        IsExceeded |= _left == 0;
        _left -= _left == 0 ? 0 : 1;
        return !IsExceeded;
    }
}
