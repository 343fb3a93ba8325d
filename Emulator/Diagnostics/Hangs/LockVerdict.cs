using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Diagnostics.Kernel;
using RiscvXv6.Emulator.Diagnostics.Views;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>Whether a lock that a hart spins on can be let go.</summary>
/// <param name="Code">LOCK-SELF, LOCK-CYCLE or LOCK-HELD.</param>
/// <param name="Reason">In words.</param>
/// <param name="HolderIsElsewhere">The lock says which hart has it, and that one waits for an interrupt or runs a user's program.</param>
internal sealed record LockVerdict(string Code, string Reason, bool HolderIsElsewhere = false)
{
    public static LockVerdict Of(KernelView kernel, Hart hart, SpinLoop spin)
    {
        var lockInfo = kernel.Objects.Value.LockAt(spin.Address);
        if (lockInfo is not { HolderHart: >= 0 } || lockInfo.HolderHart >= kernel.Machine.Harts.Count)
        {
            return new LockVerdict(HangCodes.LockHeld, Unknown(kernel, lockInfo, spin));
        }

        if (lockInfo.HolderHart == hart.HartId)
        {
            return new LockVerdict(HangCodes.LockSelf, "it holds that lock itself, and so waits for ever");
        }

        if (Cycle(kernel, hart, lockInfo) is { } cycle)
        {
            return new LockVerdict(HangCodes.LockCycle, cycle);
        }

        var holder = kernel.Machine.Harts[lockInfo.HolderHart];
        return new LockVerdict(HangCodes.LockHeld, Holder(kernel, holder), IsElsewhere(holder));
    }

    private static unsafe bool IsElsewhere(Hart hart) => hart.State->Waiting || hart.State->Privilege == PrivilegeMode.User;

    private static string Unknown(KernelView kernel, LockInfo? lockInfo, SpinLoop spin)
    {
        string what = lockInfo switch
        {
            null => $"the word holds 0x{spin.Value:x}, and who set it is not known",
            { Word: > 1 } => $"its word holds 0x{lockInfo.Word:x}, which no locking leaves there: has something else been written over it?",
            { HasOwner: true, WildHolder: not 0 } => $"its owner field holds 0x{lockInfo.WildHolder:x}, which is no hart",
            { HasOwner: true } => "its owner field is empty",
            _ => "it has no owner field",
        };
        return kernel.Machine.Harts.Count == 1 ? $"{what}; the machine has no other hart that could let it go" : what;
    }

    /// <summary>The chain of harts that wait for each other, if it comes back to the first.</summary>
    private static string? Cycle(KernelView kernel, Hart first, LockInfo held)
    {
        var steps = new List<string>();
        var current = held;
        for (int count = 0; count < kernel.Machine.Harts.Count; count++)
        {
            int holder = current.HolderHart;
            steps.Add($"hart {holder} holds {current.Label}");
            if (holder == first.HartId)
            {
                return $"harts wait for each other in a circle: {string.Join(", ", steps)}; take locks in one order everywhere";
            }

            if (SpinLoop.Find(kernel.Machine.Harts[holder]) is not { } next
                || kernel.Objects.Value.LockAt(next.Address) is not { HolderHart: >= 0 } awaited
                || awaited.HolderHart >= kernel.Machine.Harts.Count)
            {
                return null;
            }

            steps[^1] += $" and waits for {awaited.Label}";
            current = awaited;
        }

        return null;
    }

    private static unsafe string Holder(KernelView kernel, Hart holder)
    {
        string where = BackTraceText.Short(kernel.Stacks.OfHart(holder), kernel);
        string process = kernel.ProcessOn(holder.HartId) is { } running ? $", which runs process {running.Label}," : "";
        if (holder.State->Waiting)
        {
            return $"hart {holder.HartId} holds it, and waits (wfi) in {where}: the lock was never let go";
        }

        return holder.State->Privilege == PrivilegeMode.User
            ? $"hart {holder.HartId}{process} holds it, and has left the kernel without letting it go"
            : $"hart {holder.HartId}{process} holds it, and is in {where}";
    }
}
