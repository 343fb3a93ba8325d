namespace RiscvXv6.Benchmarks.Packets;

/// <summary>
/// What no driver can exceed, from first principles: the wire's bytes, and the bus's clocks with descriptors fetched and written in
/// bursts so long that their overhead vanishes.
/// </summary>
internal static class PacketLimits
{
    /// <summary>TIPG.IPGT of most drivers: with the four bytes that copper adds, the 12 bytes of IEEE 802.3.</summary>
    public const int UsualGap = 8;

    private const int Preamble = 8, CopperGap = 4, FrameCheck = 4, DescriptorBytes = 16, StatusBytes = 4;
    private const double WireBitsPerSecond = 1e9;

    // PCI at 32 bits: a dword a clock, and clocks besides (PCI "Write Transaction", "Read Transaction"); see docs/devices/e1000.md.
    private const int PciWriteOverhead = 4, PciReadOverhead = 8;

    // PCIe, four lanes of 2.5 GT/s: a byte a nanosecond each way; framing, sequence number, header and LCRC of a packet, and its most data.
    private const int PciePacketOverhead = 20, PciePacketBytes = 128, PcieRequestBytes = 512;

    /// <param name="frameBytes">With the frame check sequence.</param>
    /// <param name="gap">TIPG.IPGT.</param>
    public static double WirePacketsPerSecond(int frameBytes, int gap = UsualGap) =>
        WireBitsPerSecond / 8 / (Preamble + frameBytes + gap + CopperGap);

    /// <summary>What the bus leaves of one direction, if the other is quiet.</summary>
    /// <param name="bus"><c>pci33</c>, <c>pci66</c> or <c>pcie</c>.</param>
    /// <param name="frameBytes">With the frame check sequence, which does not cross the bus.</param>
    /// <param name="isTransmit">Out of memory, or into it.</param>
    public static double BusPacketsPerSecond(string bus, int frameBytes, bool isTransmit)
    {
        int data = frameBytes - FrameCheck;
        if (bus == "pcie")
        {
            double completions = data + Packets(data, PciePacketBytes) * PciePacketOverhead + DescriptorBytes;
            double requests = Packets(data, PcieRequestBytes) * PciePacketOverhead + StatusBytes;
            double writes = data + Packets(data, PciePacketBytes) * PciePacketOverhead + DescriptorBytes;
            return 1e9 / (isTransmit ? Math.Max(completions, requests) : writes);
        }

        int dwords = (data + 3) / 4 + DescriptorBytes / 4; // of the frame, and of the descriptor's fetch
        int clocks = isTransmit ? PciReadOverhead + dwords + StatusBytes / 4 : PciWriteOverhead + dwords + DescriptorBytes / 4;
        return (bus == "pci33" ? 1e9 / 30 : 1e9 / 15) / clocks;
    }

    private static int Packets(int bytes, int most) => (bytes + most - 1) / most;
}
