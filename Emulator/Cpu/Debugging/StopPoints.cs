using System.Collections;

namespace RiscvXv6.Emulator.Cpu.Debugging;

/// <summary>
/// Where harts must stop for a debugger: breakpoints and watchpoints, by virtual address in every address space, as gdb
/// means them. While there are none, nothing on a hot path knows of them.
/// </summary>
/// <remarks>
/// Blocks are shared by all address spaces, so a block is made so that it can ask (<see cref="MayStopAt"/>): an instruction
/// at a breakpoint's offset in its page stands alone in its block, behind a check of the whole address. Pages with watched
/// bytes stay out of the data TLBs. Whoever changes a set forgets the blocks or the TLBs.
/// </remarks>
internal sealed class StopPoints
{
    private const ulong PageMask = 0xfff;

    private readonly Dictionary<ulong, int> _breakpoints = [];
    private readonly List<Watchpoint> _watchpoints = [];
    private readonly BitArray _offsets = new((int)PageMask + 1);

    public bool AnyBreakpoints => _breakpoints.Count > 0;

    public bool AnyWatchpoints => _watchpoints.Count > 0;

    /// <summary>Adds a breakpoint; of several at one address each is removed by itself.</summary>
    /// <returns>True if the blocks have to be forgotten.</returns>
    public bool AddBreakpoint(ulong address)
    {
        _breakpoints.TryGetValue(address, out int count);
        _breakpoints[address] = count + 1;
        bool isNew = !_offsets[(int)(address & PageMask)];
        _offsets[(int)(address & PageMask)] = true;
        return isNew;
    }

    /// <summary>Removes a breakpoint. The checks in the blocks may stay: they find nothing.</summary>
    /// <returns>False if there is none.</returns>
    public bool RemoveBreakpoint(ulong address)
    {
        if (!_breakpoints.TryGetValue(address, out int count))
        {
            return false;
        }

        if (count > 1)
        {
            _breakpoints[address] = count - 1;
        }
        else
        {
            _breakpoints.Remove(address);
        }

        return true;
    }

    public void AddWatchpoint(Watchpoint watchpoint) => _watchpoints.Add(watchpoint);

    /// <summary>Removes one of the equal watchpoints; false if there is none.</summary>
    public bool RemoveWatchpoint(Watchpoint watchpoint) => _watchpoints.Remove(watchpoint);

    /// <summary>Forgets everything. The blocks have to be forgotten too.</summary>
    public void Clear()
    {
        _breakpoints.Clear();
        _watchpoints.Clear();
        _offsets.SetAll(false);
    }

    /// <summary>Forgets the page offsets at which there is no breakpoint any more; the blocks have to be forgotten too.</summary>
    public void Tidy()
    {
        _offsets.SetAll(false);
        foreach (ulong address in _breakpoints.Keys)
        {
            _offsets[(int)(address & PageMask)] = true;
        }
    }

    /// <summary>True if an instruction at this address, virtual or physical, may be at a breakpoint.</summary>
    public bool MayStopAt(ulong address) => _offsets[(int)(address & PageMask)];

    public bool IsBreakpoint(ulong virtualAddress) => _breakpoints.ContainsKey(virtualAddress);

    /// <summary>True if the page of the address has watched bytes.</summary>
    public bool WatchesPage(ulong virtualAddress)
    {
        ulong first = virtualAddress & ~PageMask;
        foreach (var watchpoint in _watchpoints)
        {
            if (watchpoint.Overlaps(first, first | PageMask))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first watchpoint for such an access to <paramref name="size"/> bytes.</summary>
    public bool TryMatch(ulong virtualAddress, int size, WatchKind access, out Watchpoint match)
    {
        foreach (var watchpoint in _watchpoints)
        {
            if ((watchpoint.Kind & access) != 0 && watchpoint.Overlaps(virtualAddress, virtualAddress + (ulong)size - 1))
            {
                match = watchpoint;
                return true;
            }
        }

        match = default;
        return false;
    }
}
