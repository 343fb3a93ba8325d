using System.Net;

namespace RiscvXv6.Emulator.Machine;

/// <summary>Whether and where a debugger may come.</summary>
/// <param name="Port">Where the port listens; null for no port.</param>
/// <param name="Option">The option that said so, with its dashes: named when the port can't be had.</param>
/// <param name="StartsHalted">The machine begins halted, until a debugger or the monitor lets it go.</param>
internal sealed record DebuggerOptions(IPEndPoint? Port = null, string Option = "-gdb", bool StartsHalted = false)
{
    public static readonly DebuggerOptions None = new();
}
