using RiscvXv6.Devices.Plic;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>The interrupt controller, as <c>info plic</c> shows it.</summary>
internal static class InterruptListing
{
    private const ulong PriorityOffset = 0;
    private const ulong PendingOffset = 0x1000;
    private const ulong EnableOffset = 0x2000;
    private const ulong EnableStride = 0x80;
    private const ulong ContextOffset = 0x200000;
    private const ulong ContextStride = 0x1000;
    private const ulong ClaimOffset = 4;

    public static void Write(MonitorRequest request)
    {
        var output = request.Output;
        var machine = request.Machine;
        if (Board.Find<Plic>(machine) is not { } plic)
        {
            output.WriteLine("there is no interrupt controller");
            return;
        }

        var state = plic.Save();
        output.WriteLine("source             priority  line  pending  claimed  enabled for");
        int silent = 0;
        for (int source = 1; source < PlicRegisters.SourceCount; source++)
        {
            uint priority = Read(machine, PriorityOffset + 4 * (ulong)source);
            bool isPending = Bit(Read(machine, PendingOffset + 4 * (ulong)(source >> 5)), source);
            bool isUp = Bit(state.Levels[source >> 5], source);
            bool isClaimed = Bit(state.Claimed[source >> 5], source);
            string contexts = string.Join(' ', Enumerable.Range(0, 2 * machine.Harts.Count)
                .Where(context => IsEnabled(machine, context, source)).Select(Name));
            silent += priority != 0 ? 1 : 0;
            if (isPending || isUp || isClaimed || contexts.Length > 0)
            {
                silent -= priority != 0 ? 1 : 0;
                output.WriteLine($"{source,3} {Board.SourceName(source),-14} {priority,8}  {(isUp ? "up" : "-"),-4}"
                    + $"  {(isPending ? "pending" : "-"),-7}  {(isClaimed ? "claimed" : "-"),-7}  {contexts}".TrimEnd());
            }
        }

        if (silent != 0)
        {
            output.WriteLine($"(and {silent} with a priority, which nobody has enabled)");
        }

        output.WriteLine("context  threshold  would claim");
        for (int context = 0; context < 2 * machine.Harts.Count; context++)
        {
            ulong at = ContextOffset + (ulong)context * ContextStride;
            uint best = Read(machine, at + ClaimOffset);
            output.WriteLine($"{Name(context),-7}  {Read(machine, at),9}  {(best == 0 ? "nothing" : $"{best} {Board.SourceName((int)best)}")}");
        }
    }

    /// <summary>A hart's number, and the mode whose interrupt it is.</summary>
    private static string Name(int context) => $"{context / 2}{(context % 2 == 0 ? 'M' : 'S')}";

    private static bool IsEnabled(VirtMachine machine, int context, int source) => Bit(
        Read(machine, EnableOffset + (ulong)context * EnableStride + 4 * (ulong)(source >> 5)), source);

    private static bool Bit(uint word, int source) => (word >> (source & 31) & 1) != 0;

    private static uint Read(VirtMachine machine, ulong offset) => Board.Peek(machine, MemoryMap.Plic.Base + offset);
}
