namespace RiscvXv6.Emulator.Gdb;

/// <summary>What is to be done when a packet has been looked at.</summary>
internal enum PacketOutcome
{
    /// <summary>Send the reply.</summary>
    Reply,

    /// <summary>Nothing yet: the machine runs, and its next stop is the reply.</summary>
    Later,

    /// <summary>Nothing, ever.</summary>
    Silence,

    /// <summary>Ask for more of it: it takes long, and the machine must not stand still for so long.</summary>
    Continue,
}
