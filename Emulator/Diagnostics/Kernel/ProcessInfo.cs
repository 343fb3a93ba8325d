namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>One entry of the kernel's process table, as it stands in memory: nothing in it is to be trusted.</summary>
internal sealed record ProcessInfo
{
    /// <summary>Index in the table.</summary>
    public required int Slot { get; init; }

    public required ulong Address { get; init; }

    public int Pid { get; init; }

    /// <summary>As the kernel's enumeration calls it, in lower case: <c>sleeping</c>.</summary>
    public string State { get; init; } = "?";

    public string Name { get; init; } = "";

    /// <summary>Null if it has no parent that is a process.</summary>
    public int? ParentPid { get; init; }

    /// <summary>Its parent's address is not that of a process.</summary>
    public bool HasWildParent { get; init; }

    /// <summary>The address that it sleeps on; 0 for none.</summary>
    public ulong Channel { get; init; }

    public bool Killed { get; init; }

    public ulong KernelStack { get; init; }

    /// <summary>Physical address of its page table; 0 for none.</summary>
    public ulong PageTable { get; init; }

    /// <summary>Bytes of user memory.</summary>
    public ulong Size { get; init; }

    public ulong TrapFrame { get; init; }

    /// <summary>The hart that runs it, or -1.</summary>
    public int Hart { get; init; } = -1;

    public bool IsUnused => State == "unused";

    public bool IsSleeping => State == "sleeping";

    /// <summary>As sentences show it: <c>2 (sh)</c>.</summary>
    public string Label => Name.Length == 0 ? $"{Pid}" : $"{Pid} ({Name})";
}
