using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of the card; its configuration space is saved with the bus.</summary>
/// <param name="Registers">All registers, as stored.</param>
/// <param name="Interrupts">Timers and the line.</param>
/// <param name="Link">Link, PHY and MDIC.</param>
/// <param name="Eeprom">The EEPROM.</param>
/// <param name="Dma">Transfers under way.</param>
/// <param name="Journal">Accounts of packets.</param>
/// <param name="Transmit">The transmitter.</param>
/// <param name="Receiver">The receive unit and its FIFO.</param>
/// <param name="WireIn">The cable toward the card.</param>
/// <param name="IoAddress">IOADDR.</param>
public sealed record E1000State(
    ValueArray<ulong> Registers,
    InterruptUnitState Interrupts,
    LinkUnitState Link,
    EepromState Eeprom,
    DmaEngineState Dma,
    PacketJournalState Journal,
    TransmitUnitState Transmit,
    ReceiveUnitState Receiver,
    WireReceiverState WireIn,
    uint IoAddress);
