using RiscvXv6.Emulator.Diagnostics.Kernel;

namespace RiscvXv6.Emulator.Diagnostics.Views;

/// <summary><c>info locks</c>: who holds what, and who waits for it.</summary>
internal static class LockList
{
    public static void Write(KernelView kernel, TextWriter output)
    {
        ProcessList.WriteMissing(kernel, output);
        WriteHeld(kernel, output);
        WriteFree(kernel.Objects.Value.Locks, output);
    }

    /// <summary>Those that are held, and who waits for any.</summary>
    public static void WriteHeld(KernelView kernel, TextWriter output)
    {
        var locks = kernel.Objects.Value.Locks;
        var held = locks.Where(static item => item.IsHeld).ToList();
        output.WriteLine($"{locks.Count} locks were found, {held.Count} of them held");
        if (kernel.Objects.Value.IsCut)
        {
            output.WriteLine("there are more than this looks at: memory holds no sensible kernel, or a very large one");
        }

        var processes = kernel.Processes();
        foreach (var item in held)
        {
            output.WriteLine($"held  {Kind(item)} {item.Label} at 0x{item.Address:x} {Holder(kernel, item, processes)}");
        }

        foreach (var hart in kernel.Machine.Harts)
        {
            if (SpinLoop.Find(hart) is { Value: not 0 } spin)
            {
                output.WriteLine($"spins hart {hart.HartId} on {Name(kernel, spin.Address)}");
            }
        }

        foreach (var process in processes.Where(static process => process is { IsSleeping: true, Channel: not 0 }))
        {
            if (kernel.Objects.Value.LockAt(process.Channel) is { IsSleepLock: true } awaited)
            {
                output.WriteLine($"waits process {process.Label} for {awaited.Label}");
            }
        }
    }

    /// <summary>A lock by the address of its word, in words.</summary>
    public static string Name(KernelView kernel, ulong address) =>
        kernel.Objects.Value.LockAt(address) is { } known
            ? $"{known.Label} at 0x{address:x}"
            : $"{Described(kernel, address)}";

    /// <summary>Who holds a lock, in words.</summary>
    public static string Holder(KernelView kernel, LockInfo item, IReadOnlyList<ProcessInfo> processes)
    {
        if (item.IsSleepLock)
        {
            var process = processes.FirstOrDefault(candidate => candidate.Pid == item.HolderPid && !candidate.IsUnused);
            return process is null ? $"by pid {item.HolderPid}, which does not exist" : $"by process {process.Label}";
        }

        if (item.HolderHart >= 0)
        {
            var running = kernel.ProcessOn(item.HolderHart);
            return $"by hart {item.HolderHart}" + (running is null ? "" : $", which runs process {running.Label}");
        }

        if (item.Word > 1)
        {
            return $"by nobody that is known: its word holds 0x{item.Word:x}";
        }

        return !item.HasOwner
            ? "by somebody: the lock has no owner field"
            : item.WildHolder == 0 ? "by somebody who has not yet signed" : $"by 0x{item.WildHolder:x}, which is no hart";
    }

    private static string Described(KernelView kernel, ulong address)
    {
        string path = kernel.Objects.Value.Describe(address);
        string number = $"0x{address:x}";
        return path == number ? $"the word at {number}" : $"{path} at {number}";
    }

    private static string Kind(LockInfo item) => item.IsSleepLock ? "sleep" : "spin ";

    /// <summary>Free locks, those of an array in one line.</summary>
    private static void WriteFree(IReadOnlyList<LockInfo> locks, TextWriter output)
    {
        var groups = new List<(string Pattern, string Name, string Kind, string First, string Last, int Count)>();
        foreach (var item in locks)
        {
            if (item.IsHeld)
            {
                continue;
            }

            var (pattern, index) = Pattern(item.Path);
            int place = index.Length == 0 ? -1 : groups.FindIndex(group =>
                group.Pattern == pattern && group.Name == item.Name && group.Kind == Kind(item));
            if (place < 0)
            {
                groups.Add((pattern, item.Name, Kind(item), index, index, 1));
            }
            else
            {
                groups[place] = groups[place] with { Last = index, Count = groups[place].Count + 1 };
            }
        }

        foreach (var (pattern, name, kind, first, last, count) in groups)
        {
            string path = pattern.Replace("*", count == 1 ? first : $"{first}..{last}", StringComparison.Ordinal);
            string quoted = name.Length == 0 ? "" : $" (\"{name}\")";
            output.WriteLine($"free  {kind} {path}{quoted}{(count == 1 ? "" : $", {count} of them")}");
        }
    }

    /// <summary>A path with its first index replaced by an asterisk, and that index.</summary>
    private static (string Pattern, string Index) Pattern(string path)
    {
        int open = path.IndexOf('[', StringComparison.Ordinal);
        int close = path.IndexOf(']', StringComparison.Ordinal);
        return open < 0 || close < open
            ? (path, "")
            : ($"{path[..(open + 1)]}*{path[close..]}", path[(open + 1)..close]);
    }
}
