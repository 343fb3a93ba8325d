namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>Fields of mstatus and its view sstatus. Priv "Machine Status (mstatus and mstatush) Registers".</summary>
internal static class MstatusBits
{
    public const ulong Sie = 1UL << 1;
    public const ulong Mie = 1UL << 3;
    public const ulong Spie = 1UL << 5;
    public const ulong Mpie = 1UL << 7;
    public const ulong Spp = 1UL << 8;
    public const ulong Mpp = 3UL << MppShift;
    public const ulong Fs = 3UL << 13;
    public const ulong Mprv = 1UL << 17;
    public const ulong Sum = 1UL << 18;
    public const ulong Mxr = 1UL << 19;
    public const ulong Tvm = 1UL << 20;
    public const ulong Tw = 1UL << 21;
    public const ulong Tsr = 1UL << 22;

    /// <summary>UXL, read-only 2: U-mode is 64-bit.</summary>
    public const ulong Uxl = 2UL << 32;

    /// <summary>SXL, read-only 2: S-mode is 64-bit.</summary>
    public const ulong Sxl = 2UL << 34;

    /// <summary>SD: FS is Dirty. Computed when read, never stored.</summary>
    public const ulong Sd = 1UL << 63;

    /// <summary>FS = Dirty, which is also the mask of FS.</summary>
    public const ulong FsDirty = Fs;

    public const int MppShift = 11;

    public const ulong SstatusWritable = Sie | Spie | Spp | Fs | Sum | Mxr;

    public const ulong MstatusWritable = SstatusWritable | Mie | Mpie | Mpp | Mprv | Tvm | Tw | Tsr;

    /// <summary>What sstatus shows of the stored mstatus; SD comes on top.</summary>
    public const ulong SstatusVisible = SstatusWritable | (3UL << 32);
}
