namespace RiscvXv6.Devices.Platform;

/// <summary>The rows of <see cref="FinisherRegisters"/>, in their order.</summary>
public enum FinisherRegister
{
    Finish,
}
