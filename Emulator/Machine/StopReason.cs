namespace RiscvXv6.Emulator.Machine;

/// <summary>Why the host asked the machine to stop.</summary>
internal enum StopReason
{
    /// <summary>Ctrl-A x.</summary>
    Quit,

    /// <summary>The debugger's kill.</summary>
    Debugger,

    /// <summary>SIGTERM, SIGINT or SIGHUP.</summary>
    Signal,

    /// <summary>Nobody reads the output any more.</summary>
    OutputClosed,

    /// <summary>A limit that the caller set, of host time or of cycles, was reached.</summary>
    Limit,
}
