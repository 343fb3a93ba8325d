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

    /// <summary>Somebody wants the machine to stop.</summary>
    public sealed record Stop(StopReason Reason) : HostEvent;
}
