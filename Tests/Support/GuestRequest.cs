namespace RiscvXv6.Tests.Support;

/// <summary>One bare-metal run: what a line of xv6's Makefile says, and who sits at the terminal.</summary>
/// <param name="ElfPath">The kernel; <c>-bios none</c>.</param>
internal sealed record GuestRequest(string ElfPath)
{
    public int Harts { get; init; } = 1;

    /// <summary>True unless <c>-global virtio-mmio.force-legacy=false</c> is given, as in xv6 before 2022.</summary>
    public bool LegacyVirtio { get; init; } = true;

    /// <summary>The disks' contents, on virtio-mmio-bus.0 onwards; the run changes them in place.</summary>
    public IReadOnlyList<byte[]> Disks { get; init; } = [];

    /// <summary>
    /// Options of networks and cards, as QEMU's command line has them, with blanks between them, such as <c>-nic user,restrict=on,peers=on</c>. Nothing beyond this
    /// process may be in reach: <c>restrict=on</c>, or addresses of the loop-back interface.
    /// </summary>
    public string NetworkOptions { get; init; } = "";

    /// <summary>What is typed, in order: each text after the other one has appeared behind what was there before.</summary>
    public IReadOnlyList<Typing> Script { get; init; } = [];

    /// <summary>A kernel that never writes a PMP entry is stopped dead, as the specification has it.</summary>
    public bool StrictPmp { get; init; }

    /// <summary>What the real-time clock shows at the start, in nanoseconds since 1970; QEMU shows the host's time.</summary>
    public ulong RtcBaseNanoseconds { get; init; } = 1_700_000_000_000_000_000;

    /// <summary>
    /// This machine's clock. Fewer cycles to a second let a guest that waits, or that is timed, come to its end in fewer instructions.
    /// </summary>
    public int CpuMegahertz { get; init; } = 1000;

    /// <summary>The guest speaks HTIF; QEMU has it on another board only.</summary>
    public bool UsesHtif { get; init; }

    /// <summary>Gives up after so much guest time.</summary>
    public int LimitGuestSeconds { get; init; } = 10;

    /// <summary>Gives up after so much time of the host.</summary>
    public int LimitHostSeconds { get; init; } = 60;
}

/// <summary>Typed at the console once <paramref name="After"/> has appeared; no text at all ends the run.</summary>
internal sealed record Typing(string After, string? Text);
