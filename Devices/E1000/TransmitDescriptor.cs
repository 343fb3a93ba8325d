namespace RiscvXv6.Devices.E1000;

/// <summary>The 16 bytes of a transmit descriptor, and their fields: any 16 bytes are a descriptor.</summary>
/// <param name="Low">The first eight, little-endian.</param>
/// <param name="High">The last eight.</param>
public readonly record struct TransmitDescriptor(ulong Low, ulong High)
{
    public const int SizeBytes = 16;

    /// <summary>
    /// Where in the descriptor its status is: with CSS or POPTS, and the special field, in one dword.
    /// </summary>
    public const int StatusOffset = 12;

    private const byte EndOfPacket = 1 << 0;
    private const byte InsertFcs = 1 << 1;
    private const byte InsertChecksum = 1 << 2;
    private const byte SegmentationEnable = 1 << 2;
    private const byte ReportStatus = 1 << 3;
    private const byte VlanEnable = 1 << 6;
    private const byte DelayInterrupt = 1 << 7;
    private const byte IPChecksum = 1 << 0;
    private const byte TransportChecksum = 1 << 1;
    private const ulong Extended = 1ul << 29;

    public TransmitDescriptorKind Kind => (High & Extended) == 0
        ? TransmitDescriptorKind.Legacy
        : (High >> 20 & 0xf) switch
        {
            0 => TransmitDescriptorKind.Context,
            1 => TransmitDescriptorKind.Data,
            _ => TransmitDescriptorKind.Reserved,
        };

    /// <summary>Where the buffer is; not of a context.</summary>
    public ulong Address => Low;

    /// <summary>
    /// Bytes of the buffer. "Descriptors with the null address or zero length transfer no data", nor do contexts.
    /// </summary>
    public int LengthBytes => Address == 0 ? 0 : Kind switch
    {
        TransmitDescriptorKind.Legacy => (int)(High & 0xffff),
        TransmitDescriptorKind.Data => (int)(High & 0xf_ffff),
        _ => 0,
    };

    /// <summary>EOP; that bit of a context means something else.</summary>
    public bool IsEndOfPacket =>
        Kind is TransmitDescriptorKind.Legacy or TransmitDescriptorKind.Data && Has(EndOfPacket);

    /// <summary>IFCS.</summary>
    public bool WantsFcs => Has(InsertFcs);

    /// <summary>IC, of a legacy descriptor.</summary>
    public bool WantsLegacyChecksum => Kind == TransmitDescriptorKind.Legacy && Has(InsertChecksum);

    /// <summary>TSE, of a data descriptor.</summary>
    public bool IsSegmented => Kind == TransmitDescriptorKind.Data && Has(SegmentationEnable);

    /// <summary>RS.</summary>
    public bool WantsStatus => Has(ReportStatus);

    /// <summary>VLE.</summary>
    public bool WantsVlanTag => Has(VlanEnable);

    /// <summary>IDE.</summary>
    public bool DelaysInterrupt => Has(DelayInterrupt);

    /// <summary>DD, which software clears.</summary>
    public bool IsDone => (High >> 32 & 1) != 0;

    /// <summary>CSO, of a legacy descriptor.</summary>
    public int ChecksumOffset => (byte)(High >> 16);

    /// <summary>CSS, of a legacy descriptor.</summary>
    public int ChecksumStart => (byte)(High >> 40);

    /// <summary>POPTS.IXSM, of a data descriptor.</summary>
    public bool WantsIPChecksum => Kind == TransmitDescriptorKind.Data && (High >> 40 & IPChecksum) != 0;

    /// <summary>POPTS.TXSM, of a data descriptor.</summary>
    public bool WantsTransportChecksum => Kind == TransmitDescriptorKind.Data && (High >> 40 & TransportChecksum) != 0;

    /// <summary>The tag's control information.</summary>
    public ushort Special => (ushort)(High >> 48);

    /// <summary>The same with its status as the hardware writes it: DD and nothing else.</summary>
    public TransmitDescriptor Done() => this with { High = (High & ~(0xful << 32)) | 1ul << 32 };

    private bool Has(byte command) => (High >> 24 & command) != 0;
}
