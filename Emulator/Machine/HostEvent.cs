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

    /// <summary>Somebody wants the machine to stop.</summary>
    public sealed record Stop(StopReason Reason) : HostEvent;
}
