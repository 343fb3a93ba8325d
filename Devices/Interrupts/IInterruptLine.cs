namespace RiscvXv6.Devices.Interrupts;

/// <summary>
/// A wire from a device to an interrupt controller or a hart. Its level is a pure function of the device's state: a device
/// calls <see cref="Set"/> at the end of every mutation, and repeating a level changes nothing.
/// </summary>
public interface IInterruptLine
{
    void Set(bool asserted);

    /// <summary>
    /// Asserts the line anew even if it is up already. Only a virtio used-ring notification does this: xv6 of 2019 never
    /// acknowledges the device, so its line never drops, yet it needs one interrupt per completed request.
    /// </summary>
    void Pulse();
}
