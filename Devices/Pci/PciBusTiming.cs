using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Pci;

/// <summary>
/// How long a bus takes to move what a card and memory say to each other. A unit is what one clock moves on a parallel
/// bus, and a byte on a serial link.
/// </summary>
/// <remarks>
/// Deviation: one card has the bus to itself: no other master delays it, and a hart's register accesses do not delay
/// its DMA. A link loses nothing to acknowledgements, flow-control credits and skip sets (a few per cent of a real
/// one).
/// </remarks>
/// <param name="Name">As options and reports print it.</param>
/// <param name="IsSplit">
/// A serial link: it moves data both ways at once, and a read is a request and, a while later, its completions, so
/// that reads overlap. A parallel bus carries one transaction at a time and is held through the wait states of a read.
/// </param>
/// <param name="UnitPicoseconds">One clock, or one byte.</param>
/// <param name="UnitsPerDword">Units in four bytes of data.</param>
/// <param name="WriteOverheadUnits">Units in a burst or packet of writes besides its data.</param>
/// <param name="ReadOverheadUnits">
/// Units in a burst of reads besides its data; of a link, in a request and in a completion.
/// </param>
/// <param name="PacketBytesMax">Data in one burst or packet.</param>
/// <param name="RequestBytesMax">Data that one request of a link asks for.</param>
/// <param name="AbortUnits">Units until a parallel bus's master gives up on an address that nobody claims.</param>
/// <param name="MemoryPicoseconds">From a request's end to the first completion of a link.</param>
public sealed record PciBusTiming(
    string Name,
    bool IsSplit,
    ulong UnitPicoseconds,
    int UnitsPerDword,
    int WriteOverheadUnits,
    int ReadOverheadUnits,
    int PacketBytesMax,
    int RequestBytesMax,
    int AbortUnits,
    ulong MemoryPicoseconds)
{
    private const int DwordBytes = 4;

    /// <summary>
    /// 32 bits at 33 MHz: 4 bytes every 30 ns. A write's burst costs arbitration, address, DEVSEL# and turnaround, 4
    /// clocks (PCI "Write Transaction"); a read's the same and 4 clocks until memory's first data (PCI "Read
    /// Transaction"; the specification allows 16). An address that nobody claims costs arbitration, address, four
    /// clocks for DEVSEL#, and turnaround (PCI "Master Initiated Termination").
    /// </summary>
    public static PciBusTiming Pci33 { get; } = Parallel("pci33", 30_000);

    /// <summary>The same at 66 MHz: 15 ns.</summary>
    public static PciBusTiming Pci66 { get; } = Parallel("pci66", 15_000);

    /// <summary>
    /// Four lanes of 2.5 GT/s, as the 82571EB has, the first of the family on PCI Express: 10 Gb/s, of which 8b/10b
    /// leaves a byte a nanosecond each way (PCIe "Symbol Encoding"). A packet costs 2 framing symbols, 2 of sequence
    /// number, a header of 3 dwords and 4 of LCRC: 20 bytes (PCIe "Transaction Layer Protocol - Packet Definition").
    /// The usual settings: 128 bytes in a packet, 512 in a request.
    /// Deviation: no manual gives the latency of the root complex and memory: 200 ns is an assumption.
    /// </summary>
    public static PciBusTiming Pcie { get; } = new("pcie", true, 1_000, 4, 20, 20, 128, 512, 20, 200_000);

    /// <summary>A hart's load of a register, there and back.</summary>
    public ulong RegisterReadPicoseconds => IsSplit
        ? RequestPicoseconds(DwordBytes) + MemoryPicoseconds + CompletionPicoseconds(0, DwordBytes)
        : CompletionPicoseconds(0, DwordBytes);

    /// <summary>
    /// A hart's store to a register: the slot on the bus; bridges post it, so that the hart does not wait for more.
    /// </summary>
    public ulong RegisterWritePicoseconds => WritePicoseconds(0, DwordBytes);

    /// <summary>
    /// What the master loses by a read or write of an address that nobody claims; of a link, by the completion that
    /// says so.
    /// </summary>
    public ulong AbortPicoseconds => (ulong)AbortUnits * UnitPicoseconds;

    /// <summary>Finds a preset by name: <c>pci33</c>, <c>pci66</c>, <c>pcie</c>.</summary>
    public static bool TryParse(string text, out PciBusTiming timing)
    {
        timing = Pcie;
        foreach (var preset in (ReadOnlySpan<PciBusTiming>)[Pcie, Pci33, Pci66])
        {
            if (preset.Name == text)
            {
                timing = preset;
                return true;
            }
        }

        return false;
    }

    /// <summary>Time on the bus of a write.</summary>
    /// <param name="address">Where to: a bus moves whole dwords.</param>
    /// <param name="lengthBytes">At least 1.</param>
    public ulong WritePicoseconds(ulong address, int lengthBytes) =>
        Packets(lengthBytes, PacketBytesMax) * (ulong)WriteOverheadUnits * UnitPicoseconds
        + DataPicoseconds(address, lengthBytes);

    /// <summary>Time on a link, toward memory, of the requests for a read; zero on a parallel bus.</summary>
    public ulong RequestPicoseconds(int lengthBytes) =>
        IsSplit ? Packets(lengthBytes, RequestBytesMax) * (ulong)ReadOverheadUnits * UnitPicoseconds : 0;

    /// <summary>Time on a link, from memory, of a read's completions; on a parallel bus, of the whole read.</summary>
    public ulong CompletionPicoseconds(ulong address, int lengthBytes) =>
        Packets(lengthBytes, PacketBytesMax) * (ulong)ReadOverheadUnits * UnitPicoseconds
        + DataPicoseconds(address, lengthBytes);

    /// <summary>What a hart waits for a register, in cycles.</summary>
    public AccessCost ToAccessCost(IGuestClock clock) =>
        new((int)clock.CyclesOf(RegisterReadPicoseconds), (int)clock.CyclesOf(RegisterWritePicoseconds));

    public override string ToString() => Name;

    private static PciBusTiming Parallel(string name, ulong clockPicoseconds) =>
        new(name, false, clockPicoseconds, 1, 4, 8, int.MaxValue, int.MaxValue, 7, 0);

    private static ulong Packets(int lengthBytes, int bytesMax) =>
        ((ulong)lengthBytes + (ulong)bytesMax - 1) / (ulong)bytesMax;

    private ulong DataPicoseconds(ulong address, int lengthBytes)
    {
        ulong dwords = ((address & (DwordBytes - 1)) + (ulong)lengthBytes + (DwordBytes - 1)) / DwordBytes;
        return dwords * (ulong)UnitsPerDword * UnitPicoseconds;
    }
}
