using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>
/// Where an xv6 kernel keeps what the views show, found by its symbols and types: MIT's of every year, and our own guest, which
/// has other names. What is missing is told by name, and the rest works without it.
/// </summary>
internal sealed class KernelLayout
{
    private readonly List<string> _missing = [];

    /// <param name="program">The kernel; null if there is none.</param>
    public KernelLayout(ProgramInfo? program)
    {
        var types = program?.Types;
        StructureType? proc = null;
        bool hasTypes = types is not null && types.TryFindStructure("proc", out proc);
        Processes = KernelTable.Find(types, "proc");
        Harts = KernelTable.Find(types, "cpus", "harts");
        if (program is null)
        {
            _missing.Add("no kernel file with symbols was given (-kernel FILE)");
            return;
        }

        if (!hasTypes)
        {
            _missing.Add("the kernel's file has no type struct proc: it was built without -g, or it is no xv6");
            return;
        }

        proc = Processes?.Element ?? proc;
        Note(Processes is null, "variable proc, an array of struct proc");
        Note(Harts is null, "variable cpus (or harts), an array of structures");
        Pid = Find("struct proc", proc, "pid");
        State = Find("struct proc", proc, "state");
        Name = Find("struct proc", proc, "name");
        Parent = Find("struct proc", proc, "parent");
        Channel = Find("struct proc", proc, "chan", "sleeps_on");
        Killed = Find("struct proc", proc, "killed");
        KernelStack = Find("struct proc", proc, "kstack");
        PageTable = Find("struct proc", proc, "pagetable");
        Size = Find("struct proc", proc, "sz", "size");
        TrapFrame = Find("struct proc", proc, "trapframe", "tf");
        Context = Find("struct proc", proc, "context");
        HartProcess = Find("a hart's structure", Harts?.Element, "proc");
        HartDepth = Find("a hart's structure", Harts?.Element, "noff", "off_depth");
        ContextType = Context?.Type as StructureType;
        TrapFrameType = types!.TryFindStructure("trapframe", out var trapFrame) ? trapFrame : null;
        Note(TrapFrameType is null, "type struct trapframe");
    }

    public KernelTable? Processes { get; }

    public KernelTable? Harts { get; }

    public Field? Pid { get; }

    public Field? State { get; }

    public Field? Name { get; }

    public Field? Parent { get; }

    /// <summary>What a process sleeps on.</summary>
    public Field? Channel { get; }

    public Field? Killed { get; }

    public Field? KernelStack { get; }

    public Field? PageTable { get; }

    public Field? Size { get; }

    public Field? TrapFrame { get; }

    public Field? Context { get; }

    public Field? HartProcess { get; }

    /// <summary>How many locks and the like hold interrupts off on a hart.</summary>
    public Field? HartDepth { get; }

    public StructureType? TrapFrameType { get; }

    public StructureType? ContextType { get; }

    /// <summary>What was looked for in vain.</summary>
    public IReadOnlyList<string> Missing => _missing;

    private Field? Find(string owner, StructureType? structure, params ReadOnlySpan<string> names)
    {
        var field = Field.Find(structure, names);
        Note(field is null && structure is not null, $"member {string.Join(" or ", names.ToArray())} of {owner}");
        return field;
    }

    private void Note(bool isMissing, string what)
    {
        if (isMissing)
        {
            _missing.Add($"not found in the kernel's file: {what}");
        }
    }
}
