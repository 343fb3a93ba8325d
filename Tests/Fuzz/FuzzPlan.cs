using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>How to fuzz one kind of device.</summary>
/// <typeparam name="TState">As in <see cref="FuzzSubject{TState}"/>.</typeparam>
/// <param name="SizeBytes">Size of the device's range.</param>
/// <param name="Build">Builds a fresh device into a rig; the same each time.</param>
internal sealed record FuzzPlan<TState>(ulong SizeBytes, Func<FuzzRig, FuzzSubject<TState>> Build)
    where TState : class
{
    /// <summary>Most steps reach one of these offsets, or near it. Filled from a register table by <see cref="AimAt"/>.</summary>
    public IReadOnlyList<ulong> Offsets { get; init; } = [0];

    /// <summary>Values that mean something to the device, mixed with random ones.</summary>
    public IReadOnlyList<ulong> Values { get; init; } = [];

    /// <summary>Largest usual step of time; a few are far longer.</summary>
    public int TypicalCycles { get; init; } = 1_000;

    /// <summary>Random bytes are put into guest memory now and then, for devices that master the bus.</summary>
    public bool UsesMemory { get; init; }

    /// <summary>Makes the registers of a table the usual targets, each element of small arrays and some of large ones.</summary>
    public FuzzPlan<TState> AimAt(RegisterTable table)
    {
        var offsets = new List<ulong>();
        foreach (var row in table.Rows)
        {
            int step = Math.Max(1, row.TotalCount / 8);
            for (int index = 0; index < row.TotalCount; index += step)
            {
                offsets.Add(row.OffsetOf(index / row.Count, index % row.Count));
            }
        }

        return this with { Offsets = offsets };
    }
}
