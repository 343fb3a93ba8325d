namespace RiscvXv6.Devices.Plic;

/// <summary>The rows of <see cref="PlicRegisters"/>, in their order.</summary>
public enum PlicRegister
{
    Priority,
    Pending,
    Enable,
    Threshold,
    ClaimComplete,
}
