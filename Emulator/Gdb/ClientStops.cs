using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// Breakpoints and watchpoints of one client. Setting one twice is setting it once, and so is removing it.
/// GDB "Packets" (z, Z).
/// </summary>
internal sealed class ClientStops
{
    /// <summary>More than any person or script needs.</summary>
    public const int MaxCount = 4096;

    private readonly HashSet<ClientStop> _stops = [];

    /// <summary>True if the client has set a breakpoint of this kind there.</summary>
    public bool HasBreakpoint(ClientStopKind kind, ulong address) => _stops.Any(stop => stop.Kind == kind && stop.Address == address);

    /// <summary>True if the client watches from this address on, for these accesses.</summary>
    public bool HasWatchpoint(WatchKind watch, ulong address) =>
        _stops.Any(stop => !stop.IsBreakpoint && stop.Watch == watch && stop.Address == address);

    /// <returns>False if there are too many.</returns>
    public bool TryAdd(DebugControl debug, ClientStop stop)
    {
        if (_stops.Count >= MaxCount)
        {
            return _stops.Contains(stop);
        }

        if (!_stops.Add(stop))
        {
            return true;
        }

        if (stop.IsBreakpoint)
        {
            debug.AddBreakpoint(stop.Address);
        }
        else
        {
            debug.AddWatchpoint(stop.Watch, stop.Address, stop.Length);
        }

        return true;
    }

    public void Remove(DebugControl debug, ClientStop stop)
    {
        if (!_stops.Remove(stop))
        {
            return;
        }

        if (stop.IsBreakpoint)
        {
            debug.RemoveBreakpoint(stop.Address);
        }
        else
        {
            debug.RemoveWatchpoint(stop.Watch, stop.Address, stop.Length);
        }
    }

    public void RemoveAll(DebugControl debug)
    {
        foreach (var stop in _stops.ToArray())
        {
            Remove(debug, stop);
        }
    }
}

/// <summary>The protocol's numbers.</summary>
internal enum ClientStopKind
{
    Software = 0,
    Hardware = 1,
    WriteWatch = 2,
    ReadWatch = 3,
    AccessWatch = 4,
}

/// <summary>A breakpoint or watchpoint as a client sets it.</summary>
/// <param name="Kind">Which of both.</param>
/// <param name="Address">Virtual.</param>
/// <param name="Length">In bytes; of no meaning for a breakpoint.</param>
internal readonly record struct ClientStop(ClientStopKind Kind, ulong Address, ulong Length)
{
    public bool IsBreakpoint => Kind is ClientStopKind.Software or ClientStopKind.Hardware;

    public WatchKind Watch => Kind switch
    {
        ClientStopKind.WriteWatch => WatchKind.Write,
        ClientStopKind.ReadWatch => WatchKind.Read,
        _ => WatchKind.Access,
    };
}
