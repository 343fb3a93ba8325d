using RiscvXv6.Emulator.Diagnostics.Kernel;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>
/// Processes that sleep on sleep locks for ever: each waits for what the next one holds, or the holder is gone. It looks closely only
/// when the same processes have slept on the same things for a while, and once at each such picture.
/// </summary>
internal sealed class SleepLockWatch(HangFindings findings)
{
    private const ulong ApartMilliseconds = 500;

    private KernelLayout? _layout;
    private KernelMemory? _memory;
    private ulong _nextCycle;
    private ulong _lastDigest;
    private ulong _judgedDigest;

    public void Look(ulong now)
    {
        if (now < _nextCycle || findings.IsOver || !findings.IsBareKernel)
        {
            return;
        }

        _nextCycle = now + ApartMilliseconds * (findings.Machine.Clock.CyclesPerSecond / 1000);
        if (_layout is null)
        {
            var kernel = findings.Look();
            _layout = kernel.Layout;
            _memory = kernel.Memory;
        }

        ulong digest = Sleepers(_layout, _memory!);
        if (digest == _lastDigest && digest != _judgedDigest && digest != 0)
        {
            _judgedDigest = digest;
            Judge(findings.Look());
        }

        _lastDigest = digest;
    }

    /// <summary>Who sleeps on what, in one number; 0 for nobody.</summary>
    private static ulong Sleepers(KernelLayout layout, KernelMemory memory)
    {
        ulong digest = 0;
        if (layout is { Processes: { } table, Channel: { } channel, Pid: { } pid })
        {
            for (int slot = 0; slot < table.Count; slot++)
            {
                if (channel.TryRead(memory, table.At(slot), out ulong value) && value != 0 && pid.TryRead(memory, table.At(slot), out ulong number))
                {
                    digest = (digest * 1099511628211) ^ value ^ (number << 40) ^ (ulong)slot;
                }
            }
        }

        return digest;
    }

    private void Judge(KernelView kernel)
    {
        var processes = kernel.Processes();
        foreach (var process in processes)
        {
            if (Awaited(kernel, process) is not { } awaited)
            {
                continue;
            }

            var holder = Holder(processes, awaited);
            if (holder is null)
            {
                findings.Add(HangCodes.SleepLockOrphan, awaited.Address, () =>
                    $"process {process.Label} sleeps for ever on the sleep lock {awaited.Label}: its holder, pid {awaited.HolderPid}, no longer exists");
            }
            else if (Cycle(kernel, processes, process) is { } cycle)
            {
                findings.Add(HangCodes.SleepLockCycle, 0, () =>
                    $"processes wait for each other in a circle: {cycle}; take sleep locks in one order everywhere");
            }
        }
    }

    private static LockInfo? Awaited(KernelView kernel, ProcessInfo process) =>
        process is { IsSleeping: true, Channel: not 0 }
        && kernel.Objects.Value.LockAt(process.Channel) is { IsSleepLock: true, IsHeld: true } awaited ? awaited : null;

    private static ProcessInfo? Holder(IReadOnlyList<ProcessInfo> processes, LockInfo awaited) =>
        processes.FirstOrDefault(process => process.Pid == awaited.HolderPid && !process.IsUnused);

    private static string? Cycle(KernelView kernel, IReadOnlyList<ProcessInfo> processes, ProcessInfo first)
    {
        var steps = new List<string>();
        var current = first;
        for (int count = 0; count <= processes.Count; count++)
        {
            if (Awaited(kernel, current) is not { } awaited || Holder(processes, awaited) is not { } holder)
            {
                return null;
            }

            steps.Add($"{current.Label} waits for {awaited.Label}, which {holder.Label} holds");
            if (holder.Slot == first.Slot)
            {
                return string.Join(", ", steps);
            }

            current = holder;
        }

        return null;
    }
}
