namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>A lock in the kernel's memory, as it stands.</summary>
internal sealed record LockInfo
{
    public required ulong Address { get; init; }

    /// <summary>What C would call it: <c>bcache.buf[3].lock</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The name that the kernel gave it, or empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Who waits for it sleeps.</summary>
    public bool IsSleepLock { get; init; }

    /// <summary>What the word that is taken holds: 1 while somebody has it.</summary>
    public ulong Word { get; init; }

    /// <summary>The address of that word.</summary>
    public ulong WordAddress { get; init; }

    public bool IsHeld => Word != 0;

    /// <summary>Of a spinlock: the hart in its owner field, or -1 if it names none.</summary>
    public int HolderHart { get; init; } = -1;

    /// <summary>What the owner field holds, if it is no hart.</summary>
    public ulong WildHolder { get; init; }

    /// <summary>The kernel's locks have an owner field, whatever it holds.</summary>
    public bool HasOwner { get; init; }

    /// <summary>Of a sleep lock: the pid in its owner field.</summary>
    public int HolderPid { get; init; }

    /// <summary>As sentences show it.</summary>
    public string Label => Name.Length == 0 ? Path : $"{Path} (\"{Name}\")";
}
