using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Diagnostics.Kernel;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>A kernel that has given itself up: xv6 sets <c>panicked</c> and goes round in circles.</summary>
internal sealed unsafe class PanicWatch
{
    private const int FlagBytes = 4;
    private const int MessageBytes = 160;

    /// <summary>Rounds in which a hart has to be in <c>panic</c>, where there is no flag.</summary>
    private const int FewestRounds = 10;

    private readonly HangFindings _findings;
    private readonly FaultWatch _faults;
    private readonly ulong? _flag;
    private readonly (ulong Start, ulong End)? _function;
    private int _rounds;

    public PanicWatch(HangFindings findings, GuestPrograms programs, FaultWatch faults)
    {
        _findings = findings;
        _faults = faults;
        if (programs.Kernel is { } kernel)
        {
            _flag = kernel.Symbols.TryFindAddress("panicked", out ulong flag) ? flag : null;
            var symbol = kernel.Symbols.ByAddress.FirstOrDefault(static symbol => symbol.Name == "panic");
            _function = symbol.Value == 0 ? null : (symbol.Value, symbol.Value + Math.Max(symbol.SizeBytes, 4));
        }
    }

    /// <summary>The kernel's flag says so.</summary>
    public static bool HasPanicked(KernelView kernel) => kernel.TryReadVariable("panicked", FlagBytes, out ulong value) && value != 0;

    public void Look()
    {
        _rounds = IsSet() || IsInside() ? _rounds + 1 : 0;
        if (_rounds >= FewestRounds)
        {
            Tell();
        }
    }

    /// <summary>Every hart waits: what is set stays set.</summary>
    public void LookNow()
    {
        if (IsSet())
        {
            Tell();
        }
    }

    /// <summary>What the kernel said, and where: <c>"acquire" at acquire+0x3c</c>; null if no hart is in its panic.</summary>
    public static string? Describe(KernelView kernel, out int hart)
    {
        foreach (var candidate in kernel.Machine.Harts)
        {
            hart = candidate.HartId;
            var trace = kernel.Stacks.OfHart(candidate);
            int index = trace.Frames.TakeWhile(frame => kernel.Stacks.NameOf(frame) != "panic").Count();
            if (index >= trace.Frames.Count)
            {
                continue;
            }

            string message = kernel.Stacks.FirstArgument(trace.Frames[index]) is { } text
                && kernel.Memory.Space.TryReadText(text, MessageBytes, out string found) && found.Length > 0
                ? $"\"{found}\"" : "with a message that can't be read";
            string callers = string.Join(" < ", trace.Frames.Skip(index + 1).Where(static frame => !frame.IsUser).Take(4).Select(kernel.Stacks.NameOf));
            string place = index + 1 < trace.Frames.Count ? $", called at {kernel.Stacks.Describe(trace.Frames[index + 1], null)}" : "";
            return $"{message}{place}{(callers.Length == 0 ? "" : $", in {callers}")}";
        }

        hart = -1;
        return null;
    }

    private void Tell() => _findings.Add(
        HangCodes.Panic,
        0,
        () =>
        {
            var kernel = _findings.Look();
            if (Describe(kernel, out int hart) is not { } what)
            {
                return "the kernel has panicked: its variable panicked is set; its message is on the console";
            }

            string fault = what.Contains("trap", StringComparison.Ordinal) && _faults.LastException(hart) is { } last ? $"; the hart's last exception: {last}" : "";
            return $"the kernel has panicked on hart {hart}: {what}{fault}";
        },
        isFatal: true);

    private bool IsSet() =>
        _flag is { } flag && _findings.Machine.Bus.Peek(flag, FlagBytes, out ulong value) == Devices.Bus.BusStatus.Ok && value != 0;

    private bool IsInside()
    {
        if (_flag is not null || _function is not { } function)
        {
            return false;
        }

        foreach (var hart in _findings.Machine.Harts)
        {
            if (hart.State->Privilege == PrivilegeMode.Supervisor && hart.State->Pc >= function.Start && hart.State->Pc < function.End)
            {
                return true;
            }
        }

        return false;
    }
}
