namespace RiscvXv6.Devices.E1000;

/// <summary>Bits of TCTL (SDM "Transmit Control Register").</summary>
public static class Tctl
{
    public const uint Enable = 1u << 1;
    public const uint PadShortPackets = 1u << 3;
    public const uint SoftwareXoff = 1u << 22;
}

/// <summary>Fields of TIPG (SDM "Transmit IPG Register").</summary>
public static class Tipg
{
    public const uint TransmitTimeMask = 0x3ff;

    /// <summary>
    /// "a value of four should be added to the IPGT value as four clocks are used by the MAC as internal overhead".
    /// </summary>
    public const uint OverheadBytes = 4;
}

/// <summary>Fields of TXDCTL (SDM "Transmit Descriptor Control").</summary>
public static class Txdctl
{
    public const uint DescriptorGranularity = 1u << 24;

    /// <summary>
    /// Descriptors in a cache line, the thresholds' other unit. Deviation: the chip takes it from the configuration
    /// space's cache line size, which no driver here sets; lines are of 64 bytes.
    /// </summary>
    private const int DescriptorsPerLine = 4;

    private const uint ThresholdMask = 0x3f;

    public static int PrefetchDescriptors(uint txdctl) => Threshold(txdctl, 0);

    public static int HostDescriptors(uint txdctl) => Threshold(txdctl, 8);

    /// <summary>At most 63: one entry on the chip must be left for the descriptor that makes them up.</summary>
    public static int WriteBackDescriptors(uint txdctl) => Math.Min(Threshold(txdctl, 16), 63);

    /// <summary>Descriptors left to do at which TXD_LOW is raised.</summary>
    public static int LowDescriptors(uint txdctl) => (int)(txdctl >> 25) * 8;

    private static int Threshold(uint txdctl, int shift)
    {
        int value = (int)(txdctl >> shift & ThresholdMask);
        return (txdctl & DescriptorGranularity) != 0 ? value : value * DescriptorsPerLine;
    }
}
