namespace RiscvXv6.Devices.Interrupts;

/// <summary>
/// A wire from a device to an interrupt controller or a hart. Its level is a pure function of the device's state: a device
/// calls <see cref="Set"/> at the end of every mutation, and repeating a level changes nothing.
/// </summary>
public interface IInterruptLine
{
    void Set(bool asserted);

    /// <summary>
    /// Asserts the line anew even if it is up already, for an interrupt controller that latches. Two devices do this, because
    /// kernels rely on QEMU's doing it: a virtio used-ring notification (xv6 of 2019 never acknowledges the device, so its
    /// line never drops, yet it needs one interrupt per completed request), and the UART (xv6 of 2020 to 2022 never clears
    /// the transmitter-empty cause, so the line is up when a byte arrives).
    /// </summary>
    void Pulse();
}
