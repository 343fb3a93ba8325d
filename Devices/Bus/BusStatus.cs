namespace RiscvXv6.Devices.Bus;

/// <summary>
/// How a bus access ended. A fault is a value, never an exception: the hart turns it into an access fault
/// (Priv "Machine Cause Register", causes 1, 5 and 7).
/// </summary>
public enum BusStatus
{
    Ok,

    /// <summary>Nothing answers at the address, or not with this width or alignment.</summary>
    Fault,
}
