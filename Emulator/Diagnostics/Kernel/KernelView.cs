using RiscvXv6.Emulator.Machine;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>
/// The xv6 that runs in a machine, seen through its symbols and types. Everything is read when it is asked for, from memory that
/// may hold anything.
/// </summary>
internal sealed class KernelView
{
    private const int NameBytes = 16;
    private const ulong PageBytes = 4096;

    /// <summary>Where the trampoline is in every address space: the last page of Sv39's lower half.</summary>
    public const ulong TrampolinePage = (1UL << 38) - PageBytes;

    public KernelView(VirtMachine machine, GuestPrograms programs)
    {
        Machine = machine;
        Programs = programs;
        Layout = new KernelLayout(programs.Kernel);
        Memory = new KernelMemory(machine.Bus, Symbols);
        Trampoline = FindTrampoline();
        Objects = new Lazy<KernelObjects>(() => new KernelObjects(this));
        Stacks = new StackReader(this);
    }

    public VirtMachine Machine { get; }

    public GuestPrograms Programs { get; }

    public KernelLayout Layout { get; }

    public KernelMemory Memory { get; }

    /// <summary>Locks, and names for what is in the kernel's memory: read once for each view.</summary>
    public Lazy<KernelObjects> Objects { get; }

    public StackReader Stacks { get; }

    public ProgramInfo? Program => Programs.Kernel;

    public SymbolTable? Symbols => Programs.Kernel?.Symbols;

    public TypeCatalog? Types => Programs.Kernel?.Types;

    /// <summary>Physical address of the page that all page tables have at their top, or null.</summary>
    public ulong? Trampoline { get; }

    /// <summary>All slots of the table.</summary>
    public IReadOnlyList<ProcessInfo> Processes()
    {
        var list = new List<ProcessInfo>();
        if (Layout.Processes is { } table)
        {
            var running = RunningProcesses();
            for (int slot = 0; slot < table.Count; slot++)
            {
                list.Add(ReadProcess(table, slot, running));
            }
        }

        return list;
    }

    /// <summary>The process that a hart runs, or null.</summary>
    public ProcessInfo? ProcessOn(int hart)
    {
        ulong address = ProcessAddressOn(hart);
        int slot = Layout.Processes is { } table ? table.IndexOf(address) : -1;
        return slot < 0 ? null : ReadProcess(Layout.Processes!, slot, new Dictionary<ulong, int> { [address] = hart });
    }

    /// <summary>How deep the kernel has turned interrupts off on a hart, or null.</summary>
    public int? InterruptsOffDepth(int hart) =>
        Layout is { Harts: { } harts, HartDepth: { } member } && hart < harts.Count
        && member.TryRead(Memory, harts.At(hart), out ulong depth)
            ? (int)depth
            : null;

    /// <summary>An address of the trampoline page as the kernel's symbols have it; any other unchanged.</summary>
    public ulong Normalise(ulong address) =>
        Trampoline is { } page && (address & ~(PageBytes - 1)) == TrampolinePage ? page + (address & (PageBytes - 1)) : address;

    /// <summary>The value of a global variable, by its symbol.</summary>
    public bool TryReadVariable(string name, int sizeBytes, out ulong value)
    {
        value = 0;
        return Symbols is not null
            && Symbols.TryFindAddress(name, out ulong address)
            && Memory.Space.TryRead(address, sizeBytes, out value);
    }

    private ulong? FindTrampoline()
    {
        foreach (string name in (ReadOnlySpan<string>)["trampoline", "uservec", "user_vector"])
        {
            if (Symbols is not null && Symbols.TryFindAddress(name, out ulong address))
            {
                return address & ~(PageBytes - 1);
            }
        }

        return null;
    }

    private ulong ProcessAddressOn(int hart) =>
        Layout is { Harts: { } harts, HartProcess: { } member } && hart < harts.Count
        && member.TryRead(Memory, harts.At(hart), out ulong process)
            ? process
            : 0;

    private Dictionary<ulong, int> RunningProcesses()
    {
        var running = new Dictionary<ulong, int>();
        for (int hart = 0; hart < Machine.Harts.Count; hart++)
        {
            if (ProcessAddressOn(hart) is not 0 and var process)
            {
                running.TryAdd(process, hart);
            }
        }

        return running;
    }

    private ProcessInfo ReadProcess(KernelTable table, int slot, Dictionary<ulong, int> running)
    {
        ulong address = table.At(slot);
        ulong parent = Read(Layout.Parent, address);
        bool isProcess = parent != 0 && table.IndexOf(parent) >= 0;
        return new ProcessInfo
        {
            Slot = slot,
            Address = address,
            Pid = (int)Read(Layout.Pid, address),
            State = StateName(address),
            Name = Layout.Name is { } name && Memory.Space.TryReadText(address + name.Offset, NameBytes, out string text) ? text : "",
            ParentPid = isProcess ? (int)Read(Layout.Pid, parent) : null,
            HasWildParent = parent != 0 && !isProcess,
            Channel = Read(Layout.Channel, address),
            Killed = Read(Layout.Killed, address) != 0,
            KernelStack = Read(Layout.KernelStack, address),
            PageTable = Read(Layout.PageTable, address),
            Size = Read(Layout.Size, address),
            TrapFrame = Read(Layout.TrapFrame, address),
            Hart = running.TryGetValue(address, out int hart) ? hart : -1,
        };
    }

    private string StateName(ulong process)
    {
        if (Layout.State is not { } state || !state.TryRead(Memory, process, out ulong value))
        {
            return "?";
        }

        return state.Type is EnumerationType names && names.Names.TryGetValue((long)value, out string? name)
            ? name.ToLowerInvariant()
            : $"state {(uint)value}?";
    }

    private ulong Read(Field? field, ulong structure) =>
        field is not null && field.TryRead(Memory, structure, out ulong value) ? value : 0;
}
