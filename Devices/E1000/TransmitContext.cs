namespace RiscvXv6.Devices.E1000;

/// <summary>
/// What a context descriptor tells the checksum hardware of the data descriptors that follow (SDM "TCP/IP Context
/// Descriptor Layout").
/// </summary>
/// <param name="Low">The descriptor's first eight bytes.</param>
/// <param name="High">The last eight.</param>
public readonly record struct TransmitContext(ulong Low, ulong High)
{
    private const byte Tcp = 1 << 0;
    private const byte IPv4 = 1 << 1;
    private const byte Segmentation = 1 << 2;

    /// <summary>IPCSS: where the IP header begins.</summary>
    public int IPStart => (byte)Low;

    /// <summary>IPCSO: where the IP checksum goes.</summary>
    public int IPOffset => (byte)(Low >> 8);

    /// <summary>IPCSE: the last byte of the IP checksum; 0 is the packet's last.</summary>
    public int IPEnd => (ushort)(Low >> 16);

    /// <summary>TUCSS: where the TCP or UDP header begins.</summary>
    public int TransportStart => (byte)(Low >> 32);

    /// <summary>TUCSO: where the TCP or UDP checksum goes.</summary>
    public int TransportOffset => (byte)(Low >> 40);

    /// <summary>TUCSE: the last byte of the TCP or UDP checksum; 0 is the packet's last.</summary>
    public int TransportEnd => (ushort)(Low >> 48);

    /// <summary>PAYLEN: bytes to cut into segments, headers not counted.</summary>
    public int PayloadBytes => (int)(High & 0xf_ffff);

    /// <summary>HDRLEN: bytes of the headers that each segment gets.</summary>
    public int HeaderBytes => (byte)(High >> 40);

    /// <summary>MSS: bytes of a segment, headers not counted.</summary>
    public int SegmentBytes => (ushort)(High >> 48);

    /// <summary>TUCMD.TCP: TCP, and not UDP.</summary>
    public bool IsTcp => Has(Tcp);

    /// <summary>TUCMD.IP: IPv4, and not IPv6.</summary>
    public bool IsIPv4 => Has(IPv4);

    /// <summary>TUCMD.TSE: it is for segmentation; the chip keeps one of each sort.</summary>
    public bool IsSegmentation => Has(Segmentation);

    private bool Has(byte command) => (High >> 24 & command) != 0;
}
