namespace RiscvXv6.Devices.E1000;

/// <summary>What the interrupt unit holds besides ICR, IMS and the delay registers.</summary>
/// <param name="ReceiveTimers">RDTR and RADV.</param>
/// <param name="TransmitTimers">TIDV and TADV.</param>
/// <param name="IsAsserted">INTA# is asserted.</param>
/// <param name="WasAsserted">It has been since the reset.</param>
/// <param name="LineAssertedCycle">When it last was asserted.</param>
/// <param name="IsReceiveFlushing">RXT0 waits for a write-back of receive descriptors.</param>
/// <param name="IsReceiveDue">RXT0 is to be raised when that has ended.</param>
/// <param name="IsTransmitFlushing">TXDW waits for a write-back of transmit descriptors.</param>
/// <param name="IsTransmitDue">TXDW is to be raised when that has ended.</param>
public sealed record InterruptUnitState(
    InterruptTimersState ReceiveTimers,
    InterruptTimersState TransmitTimers,
    bool IsAsserted,
    bool WasAsserted,
    ulong LineAssertedCycle,
    bool IsReceiveFlushing,
    bool IsReceiveDue,
    bool IsTransmitFlushing,
    bool IsTransmitDue);
