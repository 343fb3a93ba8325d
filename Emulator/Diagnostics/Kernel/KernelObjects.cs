using System.Globalization;
using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>
/// Everything that can be reached from the kernel's global variables by its types: the locks in it, and names for addresses, those
/// of pages that it allocated among them (a pipe, by the file that leads to it).
/// </summary>
internal sealed class KernelObjects
{
    private const int MostLocks = 20_000;
    private const int MostPointers = 4_000;
    private const int DeepestPath = 12;
    private const int LockNameBytes = 32;
    private const ulong MostElements = 4096;

    private readonly KernelView _kernel;
    private readonly List<LockInfo> _locks = [];
    private readonly List<VariableInfo> _variables = [];
    private readonly SortedDictionary<ulong, (string Path, StructureType Type)> _reached = [];
    private readonly Dictionary<StructureType, bool> _holdsLock = [];
    private readonly Dictionary<StructureType, bool> _leads = [];
    private int _pointers;

    public KernelObjects(KernelView kernel)
    {
        _kernel = kernel;
        if (kernel.Types is not { } types)
        {
            return;
        }

        foreach (var variable in types.Variables)
        {
            if (variable.Type.SizeBytes > 0 && variable.Address != 0)
            {
                _variables.Add(variable);
            }
        }

        _variables.Sort(static (a, b) => a.Address.CompareTo(b.Address));
        foreach (var variable in _variables)
        {
            Walk(variable.Address, variable.Type, variable.Name, 0, isReached: false);
        }

        IsCut = _locks.Count >= MostLocks || _pointers >= MostPointers;
    }

    /// <summary>In the order of the variables' addresses.</summary>
    public IReadOnlyList<LockInfo> Locks => _locks;

    /// <summary>There was more than is looked at.</summary>
    public bool IsCut { get; }

    /// <summary>The lock whose word or structure begins at an address, or null.</summary>
    public LockInfo? LockAt(ulong address) =>
        _locks.Find(item => item.WordAddress == address) ?? _locks.Find(item => item.Address == address);

    /// <summary>What C would call an address of data: <c>proc[3].lock</c>, <c>ticks</c>; or the number.</summary>
    public string Describe(ulong address)
    {
        foreach (var variable in _variables)
        {
            ulong offset = address - variable.Address;
            if (offset < (ulong)variable.Type.SizeBytes)
            {
                return variable.Name + PathTo(variable.Type, offset);
            }
        }

        foreach (var (start, (path, type)) in _reached)
        {
            ulong offset = address - start;
            if (offset < (ulong)type.SizeBytes)
            {
                string inside = PathTo(type, offset);
                return inside.StartsWith('.') ? $"{path}->{inside[1..]}" : $"*{path}{inside}";
            }
        }

        return _kernel.Symbols is { } symbols && symbols.TryFind(address, out var location)
            ? location.ToString()
            : Hex(address);
    }

    private static string Hex(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    private static string PathTo(DataType type, ulong offset)
    {
        string path = "";
        for (int depth = 0; depth < DeepestPath; depth++)
        {
            switch (type)
            {
                case ArrayType { Element: { SizeBytes: > 0 } element }:
                    ulong size = (ulong)element.SizeBytes;
                    path += $"[{offset / size}]";
                    offset %= size;
                    type = element;
                    continue;
                case StructureType structure:
                    // Its first member has the structure's own address: the structure is what is meant.
                    var member = offset == 0 ? null : structure.Members.LastOrDefault(candidate =>
                        offset >= (ulong)candidate.OffsetBytes
                        && offset - (ulong)candidate.OffsetBytes < (ulong)candidate.Type.SizeBytes);
                    if (member is not null)
                    {
                        path += $".{member.Name}";
                        offset -= (ulong)member.OffsetBytes;
                        type = member.Type;
                        continue;
                    }

                    break;
            }

            break;
        }

        return offset == 0 ? path : $"{path}+0x{offset:x}";
    }

    private void Walk(ulong address, DataType type, string path, int depth, bool isReached)
    {
        if (depth > DeepestPath || _locks.Count >= MostLocks)
        {
            return;
        }

        switch (type)
        {
            case ArrayType { Element: { SizeBytes: > 0 } element } array when LeadsToLock(element):
                ulong count = Math.Min((ulong)array.Count, MostElements);
                for (ulong index = 0; index < count; index++)
                {
                    Walk(address + index * (ulong)element.SizeBytes, element, $"{path}[{index}]", depth + 1, isReached);
                }

                break;
            case StructureType structure when LockKind(structure) is { } kind:
                Take(address, kind, path, isReached);
                foreach (var member in structure.Members.Where(static member => member.Type is StructureType))
                {
                    Walk(address + (ulong)member.OffsetBytes, member.Type, $"{path}.{member.Name}", depth + 1, isReached);
                }

                break;
            case StructureType structure:
                foreach (var member in structure.Members)
                {
                    if (LeadsToLock(member.Type))
                    {
                        Walk(address + (ulong)member.OffsetBytes, member.Type, $"{path}.{member.Name}", depth + 1, isReached);
                    }
                }

                break;
            case PointerType { Target: StructureType target } when Leads(target):
                Follow(address, target, path, depth);
                break;
        }
    }

    private void Follow(ulong address, StructureType target, string path, int depth)
    {
        if (_pointers >= MostPointers
            || !_kernel.Memory.Space.TryReadWord(address, out ulong pointer)
            || pointer % 8 != 0
            || _kernel.Machine.Bus.FindMemory(pointer, (ulong)target.SizeBytes) is not { Writable: true }
            || _reached.ContainsKey(pointer)
            || IsInVariable(pointer))
        {
            return;
        }

        _pointers++;
        int before = _locks.Count;
        _reached.Add(pointer, (path, target));
        if (LockKind(target) is { } kind)
        {
            Take(pointer, kind, path, isReached: true);
        }
        else
        {
            foreach (var member in target.Members)
            {
                if (LeadsToLock(member.Type))
                {
                    Walk(pointer + (ulong)member.OffsetBytes, member.Type, $"{path}->{member.Name}", depth + 1, isReached: true);
                }
            }
        }

        if (_locks.Count == before)
        {
            // A pointer that was left behind: what it points to is something else by now.
            _reached.Remove(pointer);
        }
    }

    private bool IsInVariable(ulong address)
    {
        int low = 0, high = _variables.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_variables[middle].Address <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low > 0 && address - _variables[low - 1].Address < (ulong)_variables[low - 1].Type.SizeBytes;
    }

    private bool LeadsToLock(DataType type) => type switch
    {
        ArrayType array => LeadsToLock(array.Element),
        PointerType { Target: StructureType target } => Leads(target),
        StructureType structure => Leads(structure),
        _ => false,
    };

    /// <summary>A lock is part of it, or at the end of one of its pointers, or of one of theirs.</summary>
    private bool Leads(StructureType structure, int hops = 2)
    {
        if (hops == 2 && _leads.TryGetValue(structure, out bool known))
        {
            return known;
        }

        bool leads = HoldsLock(structure)
            || (hops > 0 && structure.Members.Any(member =>
                Innermost(member.Type) is PointerType { Target: StructureType target } && target != structure && Leads(target, hops - 1)));
        if (hops == 2)
        {
            _leads[structure] = leads;
        }

        return leads;
    }

    /// <summary>A lock is part of it, not merely pointed to.</summary>
    private bool HoldsLock(StructureType structure)
    {
        if (_holdsLock.TryGetValue(structure, out bool known))
        {
            return known;
        }

        _holdsLock[structure] = false;
        bool holds = LockKind(structure) is not null
            || structure.Members.Any(member => Innermost(member.Type) is StructureType inner && HoldsLock(inner));
        _holdsLock[structure] = holds;
        return holds;
    }

    private static DataType Innermost(DataType type)
    {
        for (int depth = 0; depth < DeepestPath && type is ArrayType array; depth++)
        {
            type = array.Element;
        }

        return type;
    }

    /// <summary>By name and shape, so that locks of a student's own are found as well.</summary>
    private static LockLayout? LockKind(StructureType structure) => LockLayout.Of(structure);

    private void Take(ulong address, LockLayout layout, string path, bool isReached)
    {
        var memory = _kernel.Memory;
        if (!layout.Word.TryRead(memory, address, out ulong word))
        {
            return;
        }

        ulong text = 0;
        string name = layout.Name is { } field && field.TryRead(memory, address, out text) && text != 0
            && memory.Space.TryReadText(text, LockNameBytes, out string found) ? found : "";
        ulong owner = 0;
        bool hasOwner = layout.Owner is { } holder && holder.TryRead(memory, address, out owner);
        int hart = !layout.IsSleepLock && _kernel.Layout.Harts is { } harts ? harts.IndexOf(owner) : -1;

        // Behind a pointer there may be something else by now. Some locks have no name: xv6 of 2019 clears those of its pipes.
        bool isNamed = text == 0 || (name.Length != 0 && !name.Contains('?', StringComparison.Ordinal));
        bool isOwned = layout.IsSleepLock || owner == 0 || hart >= 0;
        if (isReached && (word > 1 || !isNamed || !isOwned))
        {
            return;
        }

        _locks.Add(new LockInfo
        {
            Address = address,
            Path = path,
            Name = name,
            IsSleepLock = layout.IsSleepLock,
            Word = word,
            WordAddress = address + layout.Word.Offset,
            HasOwner = hasOwner,
            HolderHart = hart,
            WildHolder = !layout.IsSleepLock && hart < 0 ? owner : 0,
            HolderPid = layout.IsSleepLock ? (int)owner : 0,
        });
    }
}
