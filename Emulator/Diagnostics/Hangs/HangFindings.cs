using RiscvXv6.Emulator.Diagnostics.Kernel;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>What was found, each once, and who is told.</summary>
/// <param name="machine">The machine.</param>
/// <param name="programs">What runs in it.</param>
/// <param name="told">Told of each finding as it is made.</param>
internal sealed class HangFindings(VirtMachine machine, GuestPrograms programs, Action<HangFinding> told)
{
    /// <summary>A guest that goes wrong in ever new ways is not followed for ever.</summary>
    private const int MostFindings = 12;

    private const int MostOfOneCode = 3;

    private readonly List<HangFinding> _all = [];
    private readonly HashSet<(string Code, ulong Key)> _known = [];

    public IReadOnlyList<HangFinding> All => _all;

    public VirtMachine Machine => machine;

    /// <summary>Something was found that stops the guest for good: what comes after it may be its consequence.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A fresh look at the kernel, for a sentence.</summary>
    public KernelView Look() => new(machine, programs);

    /// <summary>The kernel runs on the bare machine, as xv6 does: firmware and what it loads have ways of their own.</summary>
    public bool IsBareKernel { get; } = programs.Kernel is { } kernel && kernel.File.LowestAddress == MemoryMap.Ram.Base;

    /// <summary>Tells of a finding, if it is a new one.</summary>
    /// <param name="code">One of <see cref="HangCodes"/>.</param>
    /// <param name="key">What tells findings of one code apart.</param>
    /// <param name="sentence">Made only if it is told.</param>
    /// <param name="isFatal">The guest goes nowhere from here.</param>
    public void Add(string code, ulong key, Func<string> sentence, bool isFatal = false)
    {
        if (_all.Count >= MostFindings || !_known.Add((code, key)) || _all.Count(finding => finding.Code == code) >= MostOfOneCode)
        {
            return;
        }

        var finding = new HangFinding(code, sentence());
        _all.Add(finding);
        IsOver |= isFatal;
        told(finding);
    }
}
