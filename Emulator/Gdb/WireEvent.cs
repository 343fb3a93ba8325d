namespace RiscvXv6.Emulator.Gdb;

/// <summary>What a byte from the client completed.</summary>
internal enum WireEvent
{
    /// <summary>Nothing yet, or something that means nothing here, such as an acknowledgement.</summary>
    None,

    /// <summary>A packet whose content can be used.</summary>
    Packet,

    /// <summary>A packet that was damaged on its way, to be sent again.</summary>
    Damaged,

    /// <summary>A packet that no repetition would help: too long, or ending inside an escape.</summary>
    Malformed,

    /// <summary>The client wants the last packet again.</summary>
    Resend,

    /// <summary>The client's Ctrl-C.</summary>
    Interrupt,
}
