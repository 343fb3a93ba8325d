namespace RiscvXv6.Devices.E1000;

/// <summary>Bits of RCTL (SDM "Receive Control Register").</summary>
public static class Rctl
{
    public const uint Enable = 1u << 1;
    public const uint StoreBadPackets = 1u << 2;
    public const uint UnicastPromiscuous = 1u << 3;
    public const uint MulticastPromiscuous = 1u << 4;
    public const uint LongPacketEnable = 1u << 5;
    public const int LoopbackShift = 6;
    public const uint LoopbackMask = 3u << LoopbackShift;
    public const int MinimumThresholdShift = 8;
    public const uint MinimumThresholdMask = 3u << MinimumThresholdShift;
    public const int MulticastOffsetShift = 12;
    public const uint MulticastOffsetMask = 3u << MulticastOffsetShift;
    public const uint BroadcastAccept = 1u << 15;
    public const int BufferSizeShift = 16;
    public const uint BufferSizeMask = 3u << BufferSizeShift;
    public const uint VlanFilterEnable = 1u << 18;
    public const uint CanonicalFormEnable = 1u << 19;
    public const uint CanonicalForm = 1u << 20;
    public const uint DiscardPauseFrames = 1u << 22;
    public const uint PassMacControlFrames = 1u << 23;
    public const uint BufferSizeExtension = 1u << 25;
    public const uint StripCheckSequence = 1u << 26;

    /// <summary>
    /// Bytes of a receive buffer: 2048 over a power of two, or with BSEX 16 times as much. BSEX with BSIZE 0 is
    /// reserved and counts as 2048.
    /// </summary>
    public static int BufferBytes(uint rctl)
    {
        int shift = (int)((rctl & BufferSizeMask) >> BufferSizeShift);
        return (rctl & BufferSizeExtension) != 0 && shift != 0 ? 32768 >> shift : 2048 >> shift;
    }

    /// <summary>Free descriptors at which RXDMT0 is raised: a half, a quarter or an eighth of the ring.</summary>
    public static int MinimumDescriptors(uint rctl, int ringDescriptors)
    {
        int shift = 1 + (int)((rctl & MinimumThresholdMask) >> MinimumThresholdShift);
        return ringDescriptors >> Math.Min(shift, 3);
    }
}

/// <summary>Bits of RXCSUM (SDM "Receive Checksum Control").</summary>
public static class Rxcsum
{
    public const uint PacketChecksumStartMask = 0xff;
    public const uint IpOffload = 1u << 8;
    public const uint TcpUdpOffload = 1u << 9;
    public const uint IPv6Offload = 1u << 10;
}

/// <summary>Fields of RXDCTL (SDM "Receive Descriptor Control").</summary>
public static class Rxdctl
{
    public const int PrefetchShift = 0;
    public const int HostShift = 8;
    public const int WriteBackShift = 16;

    /// <summary>The thresholds count descriptors, not cache lines.</summary>
    public const uint DescriptorGranularity = 1u << 24;

    /// <summary>"must not represent greater than 31 descriptors".</summary>
    private const int DescriptorsMax = 31;

    private const uint ThresholdMask = 0x3f;

    /// <summary>
    /// One of the three thresholds in descriptors. Deviation: a cache line has 64 bytes here, whatever the
    /// configuration space says.
    /// </summary>
    public static int Descriptors(uint rxdctl, int shift)
    {
        const int descriptorsPerLine = 4;
        int value = (int)(rxdctl >> shift & ThresholdMask);
        return (rxdctl & DescriptorGranularity) != 0 ? value : Math.Min(value * descriptorsPerLine, DescriptorsMax);
    }
}

/// <summary>
/// Bits of FCRTL and FCRTH (SDM "Flow Control Receive Threshold Low", "Flow Control Receive Threshold High").
/// </summary>
public static class FlowControlThreshold
{
    public const uint BytesMask = 0xfff8;

    /// <summary>XONE, of FCRTL.</summary>
    public const uint SendXon = 1u << 31;
}

/// <summary>A receive descriptor's status (SDM "Receive Descriptor Status Field").</summary>
public static class ReceiveStatus
{
    public const byte DescriptorDone = 1 << 0;
    public const byte EndOfPacket = 1 << 1;
    public const byte IgnoreChecksum = 1 << 2;
    public const byte VlanPacket = 1 << 3;
    public const byte TcpChecksumCalculated = 1 << 5;
    public const byte IpChecksumCalculated = 1 << 6;
    public const byte PassedInexactFilter = 1 << 7;
}

/// <summary>A receive descriptor's errors (SDM "Receive Descriptor Errors Field").</summary>
public static class ReceiveErrors
{
    public const byte CrcError = 1 << 0;
    public const byte TcpChecksumError = 1 << 5;
    public const byte IpChecksumError = 1 << 6;
    public const byte DataError = 1 << 7;
}
