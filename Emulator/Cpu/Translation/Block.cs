using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cpu.Translation;

/// <summary>
/// A run of predecoded instructions inside one physical page, entered at its first only. It depends on no virtual address:
/// one block serves every mapping of its page.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Block
{
    public Op* Ops;

    /// <summary>Instructions, hence cycles, from start to end.</summary>
    public int Length;

    public int SizeBytes;

    /// <summary>Where a taken branch or jump leads, once known and if inside the page.</summary>
    public Block* Taken;

    /// <summary>What follows in memory, once known and if inside the page.</summary>
    public Block* Next;

    public ulong PhysicalPc;

    /// <summary>Chain in the lookup table.</summary>
    public Block* HashNext;

    /// <summary>Chain of the blocks of one page.</summary>
    public Block* PageNext;

    /// <summary>False once its page was overwritten; the memory is not reused before the whole cache is emptied.</summary>
    public bool Valid;

    /// <summary>False for what is rebuilt at each use, to which nothing may link.</summary>
    public bool Linkable;
}
