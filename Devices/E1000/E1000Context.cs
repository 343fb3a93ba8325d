using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>What every unit of the card is given when it is made.</summary>
internal sealed class E1000Context
{
    public required string Name { get; init; }

    public required E1000Options Options { get; init; }

    public required IGuestClock Clock { get; init; }

    public required EventScheduler Scheduler { get; init; }

    public required RegisterFile<E1000Register> Registers { get; init; }

    public required DriverAdvice Advice { get; init; }

    public required Statistics Statistics { get; init; }

    public required InterruptUnit Interrupts { get; init; }

    public required LinkUnit Link { get; init; }

    public required DmaEngine Dma { get; init; }

    public required PacketJournal Journal { get; init; }

    /// <summary>Set once, by the card, before it makes the other units.</summary>
    public DriverWatch Watch { get; set; } = null!;
}
