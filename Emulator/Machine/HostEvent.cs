namespace RiscvXv6.Emulator.Machine;

/// <summary>Something from outside that changes what the machine does next.</summary>
internal abstract record HostEvent
{
    private HostEvent()
    {
    }

    /// <summary>Bytes for the console's receiver.</summary>
    public sealed record ConsoleInput(ReadOnlyMemory<byte> Bytes) : HostEvent;

    /// <summary>A break on the console's line.</summary>
    public sealed record ConsoleBreak : HostEvent;

    /// <summary>The console's input has ended: nothing more will come from it.</summary>
    public sealed record ConsoleClosed : HostEvent;

    /// <summary>A message to a device from the host behind it: a frame, a connection made.</summary>
    /// <param name="Channel">The channel's name.</param>
    /// <param name="Bytes">
    /// Remains valid for those who were told by <see cref="VirtMachine.HostEventTaken"/>; if nobody listens there, it is used again.
    /// </param>
    public sealed record ChannelMessage(string Channel, ReadOnlyMemory<byte> Bytes) : HostEvent;

    /// <summary>A debugger writes RAM.</summary>
    /// <param name="Address">Physical.</param>
    public sealed record MemoryWrite(ulong Address, ReadOnlyMemory<byte> Bytes) : HostEvent;

    /// <summary>A debugger writes a register.</summary>
    public sealed record RegisterWrite(int Hart, HartRegister Register, ulong Value) : HostEvent;

    /// <summary>A debugger writes a CSR.</summary>
    public sealed record CsrWrite(int Hart, int Number, ulong Value) : HostEvent;

    /// <summary>A debugger has a hart execute an instruction though it is not its turn.</summary>
    public sealed record StepOutOfTurn(int Hart) : HostEvent;

    /// <summary>The reset button.</summary>
    public sealed record Reset : HostEvent;

    /// <summary>The power button.</summary>
    public sealed record PowerDown : HostEvent;

    /// <summary>Nothing happens: a record tells that the run came by here, so that a replay is held to it.</summary>
    public sealed record Mark : HostEvent;

    /// <summary>Somebody wants the machine to stop.</summary>
    public sealed record Stop(StopReason Reason) : HostEvent;
}
